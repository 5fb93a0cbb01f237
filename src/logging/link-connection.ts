import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { AcknowledgementReader } from './acknowledgement.js'

const CONNECT_TIMEOUT_MS = 5000

/** What a link hears of its connection. */
export interface ConnectionEvents {
  readonly onUp: () => void
  readonly onDrain: () => void
  /** The server has all records up to `number`. */
  readonly onConfirmed: (number: number) => void
  /** Always the last, also when it never came up. */
  readonly onClosed: (hadError: boolean) => void
}

/** Opens a connection to a log server; gives up after 5 s. */
export function openConnection(
  address: { readonly host: string; readonly port: number },
  events: ConnectionEvents,
): Socket {
  const socket = connect({ ...address, noDelay: true })
  const limit = setTimeout(() => socket.destroy(), CONNECT_TIMEOUT_MS)
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
  // 'close' follows, and is all that matters.
  socket.on('error', () => undefined)
  socket.on('close', hadError => {
    clearTimeout(limit)
    events.onClosed(hadError)
  })
  return socket
}
