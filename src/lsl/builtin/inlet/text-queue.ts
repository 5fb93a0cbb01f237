import type { StringSink } from '../../engine.js'
import type { TextTarget } from '../codec/decode-strings.js'

interface Row {
  readonly texts: readonly Uint8Array[]
  readonly time: number
}

/** Rows of a string stream that arrived while nobody pulled: the newest `most`, the oldest are dropped and counted. */
export class TextQueue implements TextTarget {
  dropped = 0
  readonly #most: number
  #rows: Row[] = []
  /** The oldest row: those before it are gone, and removed now and then. */
  #first = 0
  #texts: Uint8Array[] = []

  constructor(most: number) {
    this.#most = most
  }

  get length(): number {
    return this.#rows.length - this.#first
  }

  put(channel: number, text: Uint8Array): void {
    // The bytes are only lent.
    this.#texts[channel] = Uint8Array.from(text)
  }

  endFrame(time: number): void {
    this.#rows.push({ texts: this.#texts, time })
    this.#texts = []
    if (this.length <= this.#most) return
    this.#first++
    this.dropped++
    this.#forget()
  }

  /** Moves the oldest rows into `sink`, as many as one publication takes; answers how many. */
  take(sink: StringSink): number {
    const count = Math.min(this.length, sink.maxChunk)
    for (const { texts, time } of this.#rows.slice(this.#first, this.#first + count)) {
      texts.forEach((text, channel) => sink.put(channel, text))
      sink.endFrame(time)
    }
    this.#first += count
    this.#forget()
    if (count > 0) sink.publish()
    return count
  }

  /** Drops all; answers how many rows. */
  clear(): number {
    const { length } = this
    this.#rows = []
    this.#first = 0
    return length
  }

  #forget(): void {
    if (this.#first < 1024 && this.#first < this.#rows.length) return
    this.#rows = this.#rows.slice(this.#first)
    this.#first = 0
  }
}
