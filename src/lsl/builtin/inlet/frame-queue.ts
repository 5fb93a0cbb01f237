import { allocateSamples, bytesPerValue, samplesOver } from '../../../channel-format.js'
import type { NumericFormat, SampleArray } from '../../../channel-format.js'
import type { NumericSink } from '../../engine.js'
import { numericTarget } from '../codec/numeric-target.js'
import type { NumericTarget } from '../codec/numeric-target.js'

const FIRST_FRAMES = 256
const FIRST_BYTES = 1024 * 1024

/** Numeric frames that arrived while nobody pulled: the newest `most`, the oldest are dropped and counted. Grows as needed. */
export class FrameQueue {
  length = 0
  dropped = 0
  readonly #format: NumericFormat
  readonly #channels: number
  readonly #most: number
  #size: number
  #samples: SampleArray
  #times: Float64Array
  #target: NumericTarget
  #first = 0

  constructor(format: NumericFormat, channels: number, most: number) {
    this.#format = format
    this.#channels = channels
    this.#most = most
    const frameBytes = channels * bytesPerValue(format)
    this.#size = Math.max(1, Math.min(FIRST_FRAMES, most, Math.floor(FIRST_BYTES / frameBytes)))
    this.#samples = allocateSamples(format, this.#size * channels)
    this.#times = new Float64Array(this.#size)
    this.#target = numericTarget(this.#samples, this.#times)
  }

  /** Has `write` put frames into the next free slots, until it writes fewer than it could. */
  fill(write: (target: NumericTarget, slot: number, room: number) => number): void {
    for (;;) {
      if (this.length === this.#size && this.#size < this.#most) this.#grow()
      const slot = (this.#first + this.length) % this.#size
      // The oldest are overwritten only once the queue has grown to its limit.
      const free = this.#size < this.#most ? this.#size - this.length : this.#size
      const room = Math.min(this.#size - slot, free)
      const written = write(this.#target, slot, room)
      const overwritten = Math.max(0, this.length + written - this.#size)
      this.#first = (this.#first + overwritten) % this.#size
      this.length += written - overwritten
      this.dropped += overwritten
      if (written < room) return
    }
  }

  /** Moves the oldest frames into `sink`, as many as one publication takes; answers how many. */
  take(sink: NumericSink): number {
    const count = Math.min(this.length, sink.maxChunk)
    if (count === 0) return 0
    const slot = sink.position()
    const run = Math.min(count, this.#size - this.#first)
    this.#copy(sink, slot, this.#first, run)
    this.#copy(sink, slot + run, 0, count - run)
    this.#first = (this.#first + count) % this.#size
    this.length -= count
    sink.publish(count)
    return count
  }

  /** Drops all; answers how many frames. */
  clear(): number {
    const { length } = this
    this.length = 0
    this.#first = 0
    return length
  }

  #copy(sink: NumericSink, slot: number, first: number, frames: number): void {
    const channels = this.#channels
    const { buffer, byteOffset, BYTES_PER_ELEMENT } = this.#samples
    const from = byteOffset + first * channels * BYTES_PER_ELEMENT
    sink.samples.set(samplesOver(this.#format, buffer, from, frames * channels) as never, slot * channels)
    sink.times.set(this.#times.subarray(first, first + frames), slot)
  }

  #grow(): void {
    const size = Math.min(this.#most, this.#size * 2)
    const samples = allocateSamples(this.#format, size * this.#channels)
    const times = new Float64Array(size)
    const into: NumericSink = {
      channels: this.#channels,
      samples,
      times,
      maxChunk: size,
      position: () => 0,
      publish: () => undefined,
    }
    const run = this.#size - this.#first
    this.#copy(into, 0, this.#first, run)
    this.#copy(into, run, 0, this.#first)
    this.#samples = samples
    this.#times = times
    this.#target = numericTarget(samples, times)
    this.#size = size
    this.#first = 0
  }
}
