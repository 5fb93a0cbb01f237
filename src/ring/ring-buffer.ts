import type { ChannelFormat, NumericArray, SampleArray } from '../channel-format.js'
import { anything, options, required } from '../check.js'
import { allocateRing } from './allocate-ring.js'
import type { RingHandle, RingSpec } from './allocate-ring.js'
import { MarkerWriter } from './marker-writer.js'
import { RingReader } from './ring-reader.js'
import { RingWriter } from './ring-writer.js'
import { flatSamples, stringRows } from './sample-rows.js'
import type { SampleRows } from './sample-rows.js'
import type { WindowData } from './window.js'

/** What {@link RingBuffer.allocate} takes: the window, and optionally all that a ring can be told. */
export interface RingBufferSpec extends Omit<RingSpec, 'format'> {
  /** Default 'float32', as LSL's own. */
  readonly format?: ChannelFormat
}

/** The names; the values depend on each other, and allocateRing() checks them. */
const checked = options<RingBufferSpec>('RingBuffer.allocate', 'RingBuffer.allocate({ frames: 500, channels: 8 })', {
  frames: required(anything),
  channels: required(anything),
  format: anything,
  nominalSrate: anything,
  holdFrames: anything,
  maxChunk: anything,
  firstIndex: anything,
  maxStringBytes: anything,
  stringCapacity: anything,
})

/**
 * A ring that this thread fills itself, without LSL and without a worker: the RingBuffer of the Python package over shared
 * memory. One thread adds; any thread that is given share() may read. Nothing blocks.
 *
 * @example
 * ```ts
 * import { RingBuffer } from 'dareplane-utils'
 *
 * const ring = RingBuffer.allocate({ frames: 500, channels: 2 })
 * ring.addSamples([[1, 2], [3, 4]], [0.01, 0.02])
 * console.log(ring.unfoldBuffer().length, ring.lastT)
 * ```
 */
export class RingBuffer<D extends WindowData = NumericArray> {
  readonly format: ChannelFormat
  readonly channels: number
  /** The window: what unfoldBuffer() shows. */
  readonly frames: number
  readonly #handle: RingHandle
  readonly #writer: RingWriter | MarkerWriter
  readonly #reader: RingReader<D>

  private constructor(handle: RingHandle) {
    this.#handle = handle
    this.#reader = RingReader.attach<D>(handle)
    this.format = this.#reader.format
    this.channels = this.#reader.channels
    this.frames = this.#reader.frames
    this.#writer = this.format === 'string' ? new MarkerWriter(handle) : new RingWriter(handle)
  }

  /** Allocates a ring of `frames` x `channels` zeros (or empty strings). `D` is the array type of `format`. */
  static allocate<D extends WindowData = NumericArray>(spec: RingBufferSpec): RingBuffer<D> {
    const { format = 'float32', ...others } = checked(spec)
    return new RingBuffer<D>(allocateRing({ ...others, format }))
  }

  /**
   * Adds frames with one time each: flat and row-major, or as rows. Of more than fit, the newest stay. If shapes or types do
   * not fit, nothing is added and a RangeError or TypeError names them.
   */
  addSamples(samples: SampleArray | ArrayLike<number> | SampleRows, times: ArrayLike<number>): void {
    const stamps = times instanceof Float64Array ? times : Float64Array.from(times)
    if (this.#writer instanceof MarkerWriter) {
      this.#writer.append(stringRows(samples, stamps.length, this.channels), stamps)
    } else {
      this.#writer.append(flatSamples(this.#writer.samples, samples, stamps.length, this.channels), stamps)
    }
  }

  /** The newest window, `frames` x `channels`, oldest first, as one view over the ring: zeros lead until it has filled. */
  unfoldBuffer(): D {
    return this.#reader.window(this.#reader.written(), this.frames).data
  }

  /** The times of unfoldBuffer(). */
  unfoldBufferT(): Float64Array {
    return this.#reader.window(this.#reader.written(), this.frames).times
  }

  /** The ring's own slots, more of them than the window's: the newest frame is in the slot before `currI`. */
  get buffer(): SampleArray {
    return this.#reader.buffer
  }

  get bufferT(): Float64Array {
    return this.#reader.bufferT
  }

  /** The slot of the next frame. */
  get currI(): number {
    return this.#reader.position
  }

  /** The time of the newest frame, 0 before the first. */
  get lastT(): number {
    return this.#reader.lastT
  }

  /** How many frames were ever added. */
  get written(): number {
    return this.#reader.written()
  }

  /** The memory: post it to a worker, which reads it with RingReader.attach(). */
  share(): RingHandle {
    return this.#handle
  }

  /** Tells readers on other threads that nothing more will come. Idempotent. */
  close(): void {
    this.#writer.close()
  }
}
