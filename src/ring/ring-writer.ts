import type { SampleArray } from '../channel-format.js'
import type { RingHandle } from './allocate-ring.js'
import { attachMemory } from './ring-memory.js'
import { SlotWriter } from './slot-writer.js'
import { typeName } from './copy-samples.js'

/** The one writer of a numeric ring. One thread only; never blocks. */
export class RingWriter {
  /** The whole data slab, C + W slots of `channels` values: native code writes here, from position() * channels. */
  readonly samples: SampleArray
  /** The whole times slab, C + W values. */
  readonly times: Float64Array
  readonly channels: number
  /** The most frames that may be written before they are published. */
  readonly maxChunk: number
  readonly #slots: SlotWriter

  /** Attaches to the memory of `handle`, and goes on where an earlier writer ended. */
  constructor(handle: RingHandle) {
    const memory = attachMemory(handle)
    if (memory.format === 'string') throw new TypeError('handle is of a ring of strings: write it with MarkerWriter')
    this.#slots = new SlotWriter(memory)
    this.samples = memory.samples
    this.times = memory.times
    this.channels = memory.channels
    this.maxChunk = memory.maxChunk
  }

  /** Absolute index of the next frame. */
  get written(): number {
    return this.#slots.written
  }

  /** The slot of the next frame. Up to maxChunk frames may be written from there on, contiguously, before publish(). */
  position(): number {
    return this.#slots.slot
  }

  /** Shows readers the `frames` frames that were written from position() on, and wakes those who wait. */
  publish(frames: number): void {
    if (!(Number.isInteger(frames) && frames >= 0 && frames <= this.maxChunk)) {
      throw new RangeError(`frames must be an integer from 0 to maxChunk = ${this.maxChunk}, got ${frames}`)
    }
    if (frames > 0) this.#slots.publish(frames)
  }

  /** Copies whole frames in, row-major, of the ring's own type, and publishes them: at once, or maxChunk at a time. */
  append(samples: SampleArray, times: Float64Array): void {
    const frames = times.length
    // The constructors tell it at once, unless the array comes from another realm.
    if (samples.constructor !== this.samples.constructor && typeName(samples) !== typeName(this.samples)) {
      throw new TypeError(`samples must be a ${typeName(this.samples)}, got a ${typeName(samples)}`)
    }
    if (samples.length !== frames * this.channels) {
      throw new RangeError(
        `samples must hold ${frames} times x ${this.channels} channels = ${frames * this.channels} values, got ${samples.length}`,
      )
    }
    for (let first = 0; first < frames; first += this.maxChunk) {
      this.#slots.publish(Math.min(this.maxChunk, frames - first), samples, times, first)
    }
  }

  /** Tells readers that nothing more will come, and wakes them. Idempotent; writing afterwards throws ERR_CLOSED. */
  close(): void {
    this.#slots.close()
  }
}
