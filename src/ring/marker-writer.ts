import type { RingHandle } from './allocate-ring.js'
import { CounterWriter } from './counter-writer.js'
import { countTruncated, truncatedCount } from './protocol.js'
import { BYTES, CUT, STRING_COLUMNS } from './ring-layout.js'
import { attachMemory } from './ring-memory.js'
import type { RingMemory } from './ring-memory.js'
import { SlotWriter } from './slot-writer.js'

/** The one writer of a ring of strings. One thread only; never blocks. */
export class MarkerWriter {
  readonly channels: number
  /** After so many frames endFrame() publishes by itself. */
  readonly maxChunk: number
  readonly #memory: RingMemory
  readonly #slots: SlotWriter
  readonly #bytes: CounterWriter
  readonly #encoder = new TextEncoder()
  /** Frames built and not yet published. */
  #pending = 0

  /** Attaches to the memory of `handle`, and goes on where an earlier writer ended. */
  constructor(handle: RingHandle) {
    const memory = attachMemory(handle)
    if (memory.format !== 'string')
      throw new TypeError(`handle is of a ring of ${memory.format}: write it with RingWriter`)
    this.#memory = memory
    this.#slots = new SlotWriter(memory)
    this.#bytes = new CounterWriter(memory.words, BYTES, memory.stringModulus)
    this.channels = memory.channels
    this.maxChunk = memory.maxChunk
    this.#clearFrame()
  }

  /** Absolute index of the next frame to be published. */
  get written(): number {
    return this.#slots.written
  }

  /** How many strings were cut since the ring was allocated. */
  get truncated(): number {
    return truncatedCount(this.#memory.words)
  }

  /** The string of `channel` in the frame being built, as UTF-8; copied. Too long a string is cut at a code point and counted. */
  put(channel: number, text: Uint8Array): void {
    const { strings, maxStringBytes } = this.#memory
    let length = text.length
    if (length > maxStringBytes) {
      length = maxStringBytes
      while (length > maxStringBytes - 4 && isContinuation(text[length])) length--
    }
    strings.set(length === text.length ? text : text.subarray(0, length), this.#place())
    this.#enter(channel, length, length < text.length)
  }

  /** Ends the frame being built. Channels that were not put are empty strings. */
  endFrame(time: number): void {
    this.#memory.times[this.#slots.slot + this.#pending] = time
    this.#pending++
    if (this.#pending === this.maxChunk) this.publish()
    else this.#clearFrame()
  }

  /** Shows readers the frames that were ended, and wakes those who wait. */
  publish(): void {
    if (this.#pending === 0) return
    this.#slots.publish(this.#pending)
    this.#pending = 0
    this.#clearFrame()
  }

  /** Writes and publishes whole rows, one string per channel. */
  append(rows: readonly (readonly string[])[], times: Float64Array): void {
    if (rows.length !== times.length) {
      throw new RangeError(`rows must be as many as the ${times.length} times, got ${rows.length}`)
    }
    for (const row of rows) {
      if (row.length !== this.channels) {
        throw new RangeError(`rows must hold ${this.channels} strings each, got one of ${row.length}`)
      }
    }
    for (const [r, row] of rows.entries()) {
      for (const [channel, text] of row.entries()) this.#putString(channel, text)
      this.endFrame(times[r] ?? 0)
    }
    this.publish()
  }

  /** Publishes the frames that were ended, and tells readers that nothing more will come. Idempotent. */
  close(): void {
    this.publish()
    this.#slots.close()
  }

  #putString(channel: number, text: string): void {
    const { strings, maxStringBytes } = this.#memory
    const place = this.#place()
    // encodeInto stops before a code point that does not fit.
    const { read, written } = this.#encoder.encodeInto(text, strings.subarray(place, place + maxStringBytes))
    this.#enter(channel, written, read < text.length)
  }

  /** Where the next string goes: the strings slab is longer than its ring by one longest string, so it fits there whole. */
  #place(): number {
    return this.#bytes.count % this.#memory.stringCapacity
  }

  /** Notes a string whose bytes stand at #place() in the frame being built, and publishes the bytes. */
  #enter(channel: number, length: number, cut: boolean): void {
    if (!(Number.isInteger(channel) && channel >= 0 && channel < this.channels)) {
      throw new RangeError(`channel must be an integer from 0 to ${this.channels - 1}, got ${channel}`)
    }
    const { samples, columns, words } = this.#memory
    const entry = (this.#slots.slot + this.#pending) * columns + channel * STRING_COLUMNS
    samples[entry] = this.#bytes.laps
    samples[entry + 1] = this.#bytes.head
    samples[entry + 2] = cut ? length | CUT : length
    if (cut) countTruncated(words)
    this.#bytes.advance(length)
  }

  /** The slot still holds the entries of a frame C frames ago. */
  #clearFrame(): void {
    const { samples, columns } = this.#memory
    const entry = (this.#slots.slot + this.#pending) * columns
    ;(samples as Int32Array).fill(0, entry, entry + columns)
  }
}

/** Whether `byte` is one of the later bytes of a code point in UTF-8. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}
