import type { NumericFormat } from '../channel-format.js'
import { RingReader } from '../ring/ring-reader.js'
import type { Envelope } from './plot/envelope.js'
import type { StreamFeed } from './stream-feed.js'
import { samplesFrame, stringsFrame } from './wire/frames.js'
import type { EnvelopeRequest, SamplesRequest } from './wire/messages.js'

const MOST_FRAME_BYTES = 256 * 1024
/** Samples go out as they come, but not in more messages than that. */
const SHORTEST_PAUSE_MS = 4
/** A closed subscription is noticed after one of these. */
const LONGEST_WAIT_MS = 250

/** Sends one frame; false when the client has no room now. */
export type SendFrame = (frame: ArrayBuffer) => boolean

/** What a client gets of one stream, as fast as it gives credit. */
export interface Subscription {
  readonly feed: StreamFeed
  credits: number
  /** Sends what there is and there is credit for. */
  flush(): void
  close(): void
}

/** Columns for the eye. */
export class EnvelopeSubscription implements Subscription {
  readonly feed: StreamFeed
  credits: number
  readonly #id: number
  readonly #envelope: Envelope
  readonly #send: SendFrame
  #cursor = 0

  constructor(feed: StreamFeed, envelope: Envelope, { id, credits }: EnvelopeRequest, send: SendFrame) {
    this.feed = feed
    this.credits = credits
    this.#id = id
    this.#envelope = envelope
    this.#send = send
  }

  flush(): void {
    while (this.credits > 0) {
      const frame = this.#envelope.frame(this.#id, this.#cursor)
      if (frame === undefined || !this.#send(frame.buffer)) return
      this.#cursor = frame.next
      this.credits--
    }
  }

  close(): void {
    this.feed.leave(this.#envelope)
  }
}

/** Every sample, for programs; what the ring has overwritten before there was credit is told. */
export class SamplesSubscription implements Subscription {
  readonly feed: StreamFeed
  credits: number
  readonly #id: number
  readonly #reader: RingReader
  readonly #send: SendFrame
  readonly #mostFrames: number
  readonly #closing = new AbortController()
  #lost = 0

  constructor(feed: StreamFeed, { id, credits, from }: SamplesRequest, send: SendFrame) {
    this.feed = feed
    this.credits = credits
    this.#id = id
    this.#send = send
    this.#reader = RingReader.attach(feed.watcher.share())
    if (from !== undefined) this.#reader.cursor = Math.min(from, this.#reader.written())
    this.#mostFrames = Math.max(1, Math.floor(MOST_FRAME_BYTES / (8 + 8 * this.#reader.channels)))
    // A ring that cannot be read is told by the state of its stream.
    this.#run().catch(() => this.close())
  }

  /** Absolute index of the next frame that will be sent. */
  get next(): number {
    return this.#reader.cursor
  }

  flush(): void {
    while (this.credits > 0 && this.#sendOne());
  }

  close(): void {
    this.#closing.abort()
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted && !this.#reader.closed) {
      this.flush()
      await new Promise(resolve => setTimeout(resolve, SHORTEST_PAUSE_MS))
      if (this.credits === 0) await new Promise(resolve => setTimeout(resolve, LONGEST_WAIT_MS / 10))
      else await this.#reader.waitAsync(LONGEST_WAIT_MS, signal)
    }
  }

  #sendOne(): boolean {
    const before = this.#reader.cursor
    const window = this.#reader.takeNew(this.#mostFrames)
    const { data, times, frames: count, channels, start: first } = window
    if (count === 0) {
      this.#lost += window.lost
      return false
    }
    const head = { id: this.#id, channels, count, missed: this.#lost + window.lost, first }
    const { offsetS } = this.feed
    const stamps = times.map(time => time + offsetS)
    const { format } = this.#reader
    const frame = Array.isArray(data)
      ? stringsFrame(head, stamps, data)
      : samplesFrame(head, format as NumericFormat, stamps, data)
    // Overwritten while it was copied, or no room: taken again, and counted as lost where it is gone.
    if (!window.isIntact() || !this.#send(frame)) {
      this.#reader.cursor = before
      return false
    }
    this.#lost = 0
    this.credits--
    return true
  }
}
