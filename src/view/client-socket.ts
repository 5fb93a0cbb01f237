import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { parseMessage } from './parse-message.js'
import type { ClientMessage, ServerMessage } from './wire/messages.js'

/** What a client may leave unread: beyond that it gets no frames, and beyond twice that its connection is ended. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024
/** Beyond that it gets only what it would miss. */
const BEHIND_BYTES = 256 * 1024
/** Messages a client may send a second, over a few seconds. */
const MESSAGES_PER_S = 500
const BURST = 2000

/** The connection of one client: what it may send, and what it may leave unread. */
export class ClientSocket {
  readonly #socket: WebSocket
  /** What the WebSocket writes to. */
  readonly #stream: Duplex
  #allowance = BURST
  #allowedAt = performance.now()

  constructor(socket: WebSocket, stream: Duplex) {
    this.#socket = socket
    this.#stream = stream
    socket.binaryType = 'arraybuffer'
  }

  /**
   * `take` hears each message, `failed` what it throws: whatever one client sends ends at most its own connection. `closed` is
   * called once.
   */
  listen(
    take: (message: ClientMessage, now: number) => void,
    failed: (error: unknown) => void,
    closed: () => void,
  ): void {
    this.#socket.on('message', (bytes, isBinary) => {
      try {
        this.#hear(bytes, isBinary, take)
      } catch (error) {
        failed(error)
        this.#socket.close(1011, 'this message has failed')
      }
    })
    this.#socket.on('error', () => this.#socket.terminate())
    this.#socket.once('close', closed)
  }

  /** Whether the client has much left to read. */
  get isBehind(): boolean {
    return this.#socket.bufferedAmount >= BEHIND_BYTES
  }

  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message))
  }

  /** Sends a message that was made for many. */
  sendText(text: string): void {
    if (this.#socket.bufferedAmount > 2 * MOST_UNREAD_BYTES) this.#socket.terminate()
    else if (this.#socket.readyState === 1) this.#socket.send(text)
  }

  /** Sends a frame; false when the client has no room for it now. */
  readonly sendFrame = (frame: ArrayBuffer): boolean => {
    if (this.#socket.readyState !== 1) return false
    if (this.#socket.bufferedAmount + frame.byteLength > MOST_UNREAD_BYTES) return false
    this.#socket.send(frame)
    return true
  }

  /** Sends all that `write` sends in one piece: a system call for each frame of each stream would cost most of a viewer. */
  together(write: () => void): void {
    this.#stream.cork()
    try {
      write()
    } finally {
      this.#stream.uncork()
    }
  }

  close(): void {
    this.#socket.close(1001, 'the view is closing')
    this.#socket.terminate()
  }

  #hear(bytes: unknown, isBinary: boolean, take: (message: ClientMessage, now: number) => void): void {
    const now = performance.now()
    this.#allowance = Math.min(BURST, this.#allowance + ((now - this.#allowedAt) / 1000) * MESSAGES_PER_S) - 1
    this.#allowedAt = now
    if (this.#allowance < 0) {
      this.#socket.close(1008, 'too many messages')
      return
    }
    const message = isBinary ? undefined : parseMessage(textOf(bytes))
    if (message === undefined) this.send({ type: 'refused', id: '', reason: 'not understood' })
    else take(message, now)
  }
}

function textOf(bytes: unknown): string {
  if (bytes instanceof ArrayBuffer || bytes instanceof Uint8Array) return new TextDecoder().decode(bytes)
  return ''
}
