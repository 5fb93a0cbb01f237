import type { StreamState } from '../wire/status.js'

/** How loud a state is: its colour and its shape. */
export type Kind = 'ok' | 'look' | 'bad' | 'dead'

export const KINDS: Readonly<Record<StreamState, Kind>> = {
  connecting: 'look',
  connected: 'ok',
  recovered: 'look',
  'foreign clock': 'look',
  stalled: 'bad',
  lost: 'bad',
  incompatible: 'bad',
  failed: 'bad',
}
