import { readFrame } from '../view/wire/frames.js'
import type { BinaryFrame } from '../view/wire/frames.js'
import type { ClientMessage, ServerMessage } from '../view/wire/messages.js'
import { PageClock } from './clock.js'

const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 2000
/** A connection over which nothing comes for so long is dead, whatever the browser says. */
const DEAD_MS = 5000

/** What a link uses of a WebSocket: the browser's own, or one of the package ws. */
export interface SocketLike {
  binaryType: string
  readonly readyState: number
  /** Called when it is connected. */
  onopen: (() => void) | null
  /** Called when it has ended. */
  onclose: (() => void) | null
  /** Called when it fails. */
  onerror: (() => void) | null
  /** Called with each message. */
  onmessage: ((event: { readonly data: unknown }) => void) | null
  /** Sends a message of text. */
  send(text: string): void
  /** Ends the connection. */
  close(): void
}
/** What makes a connection: `WebSocket` of a browser or of the package ws. */
export type SocketConstructor = new (url: string) => SocketLike

export interface LinkEvents {
  readonly opened: () => void
  readonly closed: () => void
  readonly message: (message: ServerMessage) => void
  readonly frame: (frame: BinaryFrame) => void
}

/**
 * One connection to a view's server that is made again when it is lost. What is said while there is none is not kept: it is the
 * caller's to say it again when it is opened, and a command is never said again.
 */
export class Link {
  readonly clock = new PageClock()
  readonly url: string
  readonly #events: LinkEvents
  readonly #Socket: SocketConstructor
  #socket: SocketLike | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #watching: ReturnType<typeof setInterval>
  #pauseMs = FIRST_RETRY_MS
  #isClosed = false
  #heardAt = -Infinity
  /** How often it was tried since the connection was lost. */
  tries = 0

  constructor(url: string, events: LinkEvents, Socket: SocketConstructor = browserSocket()) {
    this.url = url
    this.#events = events
    this.#Socket = Socket
    this.#watching = setInterval(() => this.#checkAlive(), DEAD_MS / 4)
    this.#connect()
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === 1
  }

  /** Milliseconds since anything was heard. */
  get silentMs(): number {
    return performance.now() - this.#heardAt
  }

  /** Says something now; false, and it is gone, where there is no connection. */
  send(message: ClientMessage): boolean {
    if (this.#socket?.readyState !== 1) return false
    this.#socket.send(JSON.stringify(message))
    return true
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#retry)
    clearInterval(this.#watching)
    this.clock.stop()
    this.#socket?.close()
  }

  #connect(): void {
    this.tries++
    const socket = new this.#Socket(this.url)
    this.#socket = socket
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => {
      this.#heardAt = performance.now()
      this.clock.start(sent => this.send({ type: 'probe', sent }))
      this.#events.opened()
    }
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket) this.#hear(data)
    }
    // The event 'close' follows every error.
    socket.onerror = () => undefined
    socket.onclose = () => {
      if (socket === this.#socket) this.#lost()
    }
  }

  #hear(data: unknown): void {
    this.#heardAt = performance.now()
    this.tries = 0
    this.#pauseMs = FIRST_RETRY_MS
    if (data instanceof ArrayBuffer) {
      const frame = readFrame(data)
      if (frame) this.#events.frame(frame)
    } else if (typeof data === 'string') {
      const message = JSON.parse(data) as ServerMessage
      if (message.type === 'probe') this.clock.answered(message.sent, message.lsl)
      else this.#events.message(message)
    }
  }

  #lost(): void {
    this.#socket = undefined
    this.clock.stop()
    this.#events.closed()
    if (this.#isClosed) return
    this.#retry = setTimeout(() => this.#connect(), this.#pauseMs)
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_RETRY_MS)
  }

  /** A peer that is gone without a word, as by a pulled plug, never closes. */
  #checkAlive(): void {
    const socket = this.#socket
    if (socket?.readyState !== 1 || this.silentMs < DEAD_MS) return
    socket.onclose = null
    socket.onmessage = null
    socket.close()
    this.#lost()
  }
}

function browserSocket(): SocketConstructor {
  const { WebSocket } = globalThis as { WebSocket?: SocketConstructor }
  if (WebSocket === undefined) throw new TypeError('WebSocket must be given: this program has none of its own')
  return WebSocket
}
