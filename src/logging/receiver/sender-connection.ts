import type { Socket } from 'node:net'
import { encodeAcknowledgement } from '../wire/acknowledgement.js'
import { FOLLOW_ANSWER, isFollowRequest } from '../wire/follow-request.js'
import { FrameDecoder } from '../wire/frame-decoder.js'
import { quickRecord } from './quick-record.js'
import type { QuickRecord } from './quick-record.js'
import { receiveRecord } from './received-record.js'
import type { ReceivedRecord } from './received-record.js'
import { safeParts } from '../wire/safe-parts.js'

const MOST_UNREAD = 4 * 1024 * 1024
/** Hanging up: after so long without data, and at the latest. */
const QUIET_MS = 20
const CLOSE_LIMIT_MS = 1000

/** A record that came, with all of it when someone wants that, or when its line could not be had otherwise. */
export interface Arrival extends QuickRecord {
  readonly record?: ReceivedRecord
  /** As it came; valid until the call that brought it returns. */
  readonly body: Buffer
}

/** What a client needs of its receiver. */
export interface ReceiverHost {
  readonly maxFrameBytes: number
  /** Takes the records of one chunk, in order; calls back when they are kept. */
  readonly take: (arrivals: readonly Arrival[], onKept: () => void) => void
  /** `client` holds more of a frame that has not ended. */
  readonly onGrown: () => void
  /** True while someone wants the records themselves. */
  readonly wantsRecords: () => boolean
  /** Says once what is wrong with this client. */
  readonly warn: (text: string) => void
  readonly isCongested: () => boolean
  /** `client` wants to see all records. */
  readonly addFollower: (client: SenderConnection) => void
}

/** One connection of a sender. Whatever it does ends this connection at most. */
export class SenderConnection {
  readonly #socket: Socket
  readonly #host: ReceiverHost
  readonly #decoder: FrameDecoder
  readonly #name: string
  #hasWarned = false
  #chunks = 0
  #isFinished = false
  #readAtMs = performance.now()

  /** Resolves when the connection is closed and all that came over it is kept. */
  readonly ended: Promise<void>

  constructor(socket: Socket, host: ReceiverHost) {
    this.#socket = socket
    this.#host = host
    this.#decoder = new FrameDecoder(host.maxFrameBytes)
    this.#name = `${socket.remoteAddress ?? 'a client'}:${socket.remotePort ?? 0}`
    socket.setKeepAlive(true, 10_000)
    socket.on('data', chunk => this.#read(chunk))
    socket.on('error', () => undefined)
    socket.on('end', () => this.#finish())
    this.ended = new Promise(resolve => socket.once('close', () => resolve()))
  }

  /** Memory that a frame which has not ended takes up. */
  get unfinishedBytes(): number {
    return this.#decoder.allocated
  }

  /** When bytes last came, on the clock of performance.now(). */
  get readAtMs(): number {
    return this.#readAtMs
  }

  /** Hangs up on a client whose frame does not end. */
  refuse(why: string): void {
    this.#warn(`${why}; connection closed`)
    this.#socket.destroy()
  }

  /** Goes on reading after congestion. */
  resume(): void {
    if (this.#socket.isPaused()) this.#socket.resume()
  }

  /** Shows records to one who follows; one who is too slow misses them. */
  show(frames: Buffer): void {
    if (this.#socket.writableLength < MOST_UNREAD) this.#socket.write(frames)
  }

  /** Hangs up, after what is being written and after what the network has brought already: that counts as sent. */
  close(): void {
    const end = performance.now() + CLOSE_LIMIT_MS
    this.#readAtMs = performance.now()
    const look = (): void => {
      const now = performance.now()
      const isQuiet = now - this.#readAtMs >= QUIET_MS && !this.#socket.isPaused()
      if (isQuiet || now >= end) this.#socket.destroySoon()
      else if (!this.#socket.destroyed) lookLater()
    }
    // After a turn of the loop that has looked at the network, however late the timer is.
    const lookLater = (): void => void setTimeout(() => setImmediate(look), QUIET_MS)
    lookLater()
  }

  #read(chunk: Buffer): void {
    this.#readAtMs = performance.now()
    const { bodies, refused } = this.#decoder.push(chunk)
    const arrivals: Arrival[] = []
    const wantsRecords = this.#host.wantsRecords()
    for (const body of bodies) {
      const quick = wantsRecords ? undefined : quickRecord(body)
      if (quick) {
        arrivals.push({ ...quick, body })
        continue
      }
      if (isFollowRequest(body)) {
        this.#follow()
        continue
      }
      const received = receiveRecord(body)
      if ('reason' in received) {
        this.#warn(`${received.reason} was skipped`)
        continue
      }
      const { record } = received
      arrivals.push({ ...received, body, parts: safeParts(record, record.message), levelno: record.levelno })
    }
    if (arrivals.length > 0) this.#deliver(arrivals)
    if (refused !== undefined) {
      this.refuse(`a frame of ${refused} bytes was refused, the limit is ${this.#host.maxFrameBytes}`)
      return
    }
    if (this.unfinishedBytes > 0) this.#host.onGrown()
    if (this.#host.isCongested()) this.#socket.pause()
  }

  #deliver(arrivals: readonly Arrival[]): void {
    const last = arrivals.findLast(({ delivery }) => delivery)?.delivery
    this.#chunks++
    this.#host.take(arrivals, () => {
      this.#chunks--
      if (last && this.#socket.writable) this.#socket.write(encodeAcknowledgement(last[1]))
      if (this.#isFinished) this.#finish()
    })
  }

  #follow(): void {
    this.#socket.write(FOLLOW_ANSWER)
    this.#host.addFollower(this)
  }

  /** The sender has said all: close when all of it is kept, which tells it so. */
  #finish(): void {
    this.#isFinished = true
    if (this.#chunks === 0) this.#socket.end()
  }

  #warn(text: string): void {
    if (!this.#hasWarned) this.#host.warn(`${this.#name}: ${text}`)
    this.#hasWarned = true
  }
}
