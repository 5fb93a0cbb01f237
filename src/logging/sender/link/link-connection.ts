import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { errorCode } from '../../../errors.js'
import { AcknowledgementReader } from '../../wire/acknowledgement.js'

const CONNECT_TIMEOUT_MS = 5000

/** What a link hears of its connection. */
export interface ConnectionEvents {
  readonly onUp: () => void
  readonly onDrain: () => void
  /** The server has all records up to `number`. */
  readonly onConfirmed: (number: number) => void
  /** Always the last, also when it never came up. `error` is what broke it, as a code or a sentence. */
  readonly onClosed: (error: string | undefined) => void
}

/** Opens a connection to a log server; gives up after 5 s. */
export function openConnection(
  address: { readonly host: string; readonly port: number },
  events: ConnectionEvents,
): Socket {
  const socket = connect({ ...address, noDelay: true })
  const limit = setTimeout(() => socket.destroy(new Error('no answer')), CONNECT_TIMEOUT_MS)
  let reason: string | undefined
  const acknowledgements = new AcknowledgementReader()
  socket.on('connect', () => {
    clearTimeout(limit)
    events.onUp()
  })
  socket.on('drain', events.onDrain)
  socket.on('data', chunk => {
    const number = acknowledgements.push(chunk)
    if (number !== undefined) events.onConfirmed(number)
  })
  // 'close' follows.
  socket.on('error', error => (reason = errorCode(error) ?? error.message))
  socket.on('close', () => {
    clearTimeout(limit)
    events.onClosed(reason)
  })
  return socket
}
