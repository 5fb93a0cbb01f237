import type { ChannelFormat, NumericArray, SampleArray } from '../channel-format.js'
import { amount, mustBe, options, shown } from '../check.js'
import { checkWaitMs } from '../wait-time.js'
import type { RingHandle, RingStream } from './allocate-ring.js'
import { MarkerRows } from './marker-rows.js'
import { ReaderPlace } from './pace/reader-place.js'
import { isClosed, observe, oldestWhole, truncatedCount } from './protocol.js'
import { FRAMES, slotOf } from './ring-layout.js'
import { attachMemory } from './ring-memory.js'
import type { RingMemory } from './ring-memory.js'
import { RingWaiter } from './ring-waiter.js'
import { takeSnapshot } from './snapshot.js'
import { CopyTaker } from './take-copy.js'
import type { WakeBell } from './wake-bell.js'
import { BorrowedWindow } from './window.js'
import type { OwnedWindow, Window, WindowData } from './window.js'

/** How much {@link RingReader.takeNew} takes, and whether it copies. */
export interface TakeNewOptions {
  /** Copy into this array, of the ring's own type, and validate the copy. */
  readonly into?: SampleArray
  /** Default: as many as the window has. */
  readonly maxFrames?: number
}

const framesToTake = amount('frames', { from: 0, forever: true })
const takeOptions = options<TakeNewOptions>('takeNew', 'takeNew({ into: new Float32Array(...) })', {
  into: mustBe('a typed array', (value): value is object => ArrayBuffer.isView(value)),
  maxFrames: framesToTake,
})

/**
 * Reads a ring from any thread, without a lock and without a copy. Any number of readers may read one ring; each has its
 * own cursor. Reading never blocks; wait() does. `D` is what the caller knows the ring's format to be.
 *
 * @example
 * ```ts
 * import { RingReader } from 'dareplane-utils'
 * import type { RingHandle } from 'dareplane-utils'
 *
 * // In a worker thread, which may block. The main thread uses waitAsync().
 * export function count(handle: RingHandle): number {
 *   const reader = RingReader.attach(handle)
 *   let samples = 0
 *   while (reader.wait(1000)) samples += reader.takeNew().frames
 *   return samples
 * }
 * ```
 */
export class RingReader<D extends WindowData = NumericArray> {
  readonly format: ChannelFormat
  readonly channels: number
  /** W: the largest window. */
  readonly frames: number
  /** C: the slots of `buffer`. */
  readonly capacity: number
  /** Hz; 0 is irregular. */
  readonly nominalSrate: number
  /** What the ring holds, if who shared it has said so, as a StreamWatcher does. */
  readonly stream: RingStream | undefined
  /** One name per channel: those of the stream, else 'ch_1' and so on. */
  readonly channelNames: readonly string[]
  /** The ring itself, C slots, newest frame before `position`. Of strings: their entries, see ring-layout.ts. */
  readonly buffer: SampleArray
  readonly bufferT: Float64Array
  readonly #memory: RingMemory
  readonly #waiter: RingWaiter
  readonly #place: ReaderPlace
  readonly #rows: MarkerRows | undefined
  #taker: CopyTaker | undefined
  #cursor: number
  #lapped = 0
  #lost = 0

  private constructor(memory: RingMemory, stream: RingStream | undefined, bell?: WakeBell) {
    const { format, channels, frames, capacity, nominalSrate } = memory
    this.format = format
    this.channels = channels
    this.frames = frames
    this.capacity = capacity
    this.nominalSrate = nominalSrate
    this.stream = stream
    this.channelNames = stream?.channelNames ?? Array.from({ length: channels }, (_, c) => `ch_${c + 1}`)
    this.buffer = memory.samples.subarray(0, capacity * memory.columns)
    this.bufferT = memory.times.subarray(0, capacity)
    this.#memory = memory
    this.#waiter = new RingWaiter(memory.words, bell)
    this.#place = new ReaderPlace(memory)
    this.#rows = format === 'string' ? new MarkerRows(memory) : undefined
    this.#cursor = this.written()
  }

  /** Attaches to the memory of `handle`. The cursor starts at the next frame to be written. */
  static attach<D extends WindowData = NumericArray>(handle: RingHandle): RingReader<D> {
    return new RingReader<D>(attachMemory(handle), handle.stream)
  }

  /** The same, woken by `bell`, which the writer of that ring rings.
   * @internal */
  static attachToBell<D extends WindowData>(handle: RingHandle, bell: WakeBell): RingReader<D> {
    return new RingReader<D>(attachMemory(handle), handle.stream, bell)
  }

  /** How many frames have been published: the absolute index of the next one. Never stale. */
  written(): number {
    return observe(this.#memory.words, FRAMES, this.#memory.modulus)
  }

  /** Whether the writer has closed the ring. What it wrote can still be read. */
  get closed(): boolean {
    return isClosed(this.#memory.words)
  }

  /** The slot of `buffer` that the next frame goes to. */
  get position(): number {
    return slotOf(this.written(), this.capacity)
  }

  /** The time of the newest frame, 0 if there is none. */
  get lastT(): number {
    const newest = this.written() - 1
    return newest < this.#memory.firstIndex ? 0 : (this.bufferT[slotOf(newest, this.capacity)] ?? 0)
  }

  /** Absolute index of the next frame that takeNew() takes. Settable: 0 takes all that is still in memory. */
  get cursor(): number {
    return this.#cursor
  }

  set cursor(index: number) {
    if (!Number.isSafeInteger(index)) throw new RangeError(`cursor must be an integer, got ${shown(index)}`)
    this.#cursor = index
  }

  /** How often takeNew() found its frames overwritten. */
  get lapped(): number {
    return this.#lapped
  }

  /** How many samples are missing in all: they were overwritten before takeNew() came. */
  get lost(): number {
    return this.#lost
  }

  /** How many strings the writer has cut. */
  get truncated(): number {
    return truncatedCount(this.#memory.words)
  }

  /** The newest `n` frames, at most W; fewer if the stream is younger. */
  latest(n: number): Window<D> {
    this.#checkFrames(n)
    const end = this.written()
    const frames = Math.min(n, end - this.#memory.firstIndex)
    return this.#view(end - frames, frames, 0)
  }

  /**
   * The oldest frames not yet taken, at most `maxFrames` and W; moves the cursor behind them. Frames that were overwritten
   * before are counted in the window's `lost`. If the window turns out not to be intact, set the cursor back to its start.
   *
   * With `into` it is a copy that is intact already, for code with a memory, such as a filter: it cannot be told afterwards that what it
   * has taken in was overwritten. At most as many frames as `into` has room for. The window and its arrays are those of the last
   * such call, overwritten; nothing is allocated once a number of frames has been seen.
   */
  takeNew(options?: number | TakeNewOptions): Window<D> {
    // Before anything is looked at (TAKE_STEPS): a writer that catches up then leaves it there.
    this.#place.announce(this.#cursor)
    // What was checked at the call before is not checked again: a job calls this for every chunk.
    const taker = this.#taker
    if (
      taker !== undefined &&
      typeof options === 'object' &&
      options.into === taker.into &&
      options.maxFrames === undefined
    ) {
      return this.#taken(taker.take(this.#cursor, this.frames))
    }
    if (options === undefined) return this.#taken(this.#borrowNew(this.frames))
    const { into, maxFrames = this.frames } =
      typeof options === 'number' ? { maxFrames: options } : takeOptions(options)
    framesToTake('maxFrames', maxFrames)
    if (into === undefined) return this.#taken(this.#borrowNew(maxFrames))
    const next = taker?.into === into ? taker : new CopyTaker(this.#memory, into)
    this.#taker = next
    return this.#taken(next.take(this.#cursor, Math.floor(maxFrames)))
  }

  #taken(window: Window<WindowData>): Window<D> {
    this.#cursor = window.start + window.frames
    if (window.lost > 0) {
      this.#lapped++
      this.#lost += window.lost
    }
    return window as Window<D>
  }

  #borrowNew(maxFrames: number): Window<D> {
    const { maxChunk, capacity, firstIndex } = this.#memory
    const end = this.written()
    const oldest = Math.max(firstIndex, oldestWhole(end, maxChunk, capacity))
    let start = Math.max(this.#cursor, firstIndex)
    let lost = 0
    if (start < oldest) {
      lost = oldest - start
      start = oldest
    }
    const frames = Math.max(0, Math.min(end - start, Math.floor(maxFrames), this.frames))
    return this.#view(start, frames, lost)
  }

  /** The `n` frames before absolute index `end`, at most W; zeros for those before the first frame. Not intact if overwritten. */
  window(end: number, n: number): Window<D> {
    this.#checkFrames(n)
    return this.#view(end - n, n, 0)
  }

  /**
   * A validated copy of the newest `n` frames, in `into` or in a new array; fewer if the stream is younger. With `into` the stamps as well
   * are overwritten by the next copy into it. If the writer
   * keeps overtaking the copy, only the newest part of them: `lost` says how many are missing.
   */
  snapshot(n: number, into?: SampleArray): OwnedWindow<D> {
    this.#checkFrames(n)
    if (this.#rows !== undefined) return this.latest(n)
    return takeSnapshot(this.#memory, n, into) as OwnedWindow as OwnedWindow<D>
  }

  /**
   * Blocks until there are `minFrames` frames beyond the cursor, and answers true; false if the ring is closed or
   * `timeoutMs` has passed without. Workers only.
   */
  wait(timeoutMs = Infinity, minFrames = 1): boolean {
    checkWaitMs(timeoutMs)
    this.#place.announce(this.#cursor)
    this.#waiter.wait(() => this.#hasNew(minFrames) || this.closed, timeoutMs)
    return this.#hasNew(minFrames)
  }

  /** Like wait(), without blocking: any thread. Keeps the process alive while it is awaited; `signal` ends it early. */
  async waitAsync(timeoutMs = Infinity, signal?: AbortSignal, minFrames = 1): Promise<boolean> {
    checkWaitMs(timeoutMs)
    this.#place.announce(this.#cursor)
    await this.#waiter.waitAsync(() => this.#hasNew(minFrames) || this.closed, timeoutMs, signal)
    return this.#hasNew(minFrames)
  }

  /** The writer waits no longer for what this reader has not taken. What it takes afterwards counts again. */
  leave(): void {
    this.#place.leave()
  }

  #hasNew(frames: number): boolean {
    return this.written() - this.#cursor >= frames
  }

  #view(start: number, frames: number, lost: number): Window<D> {
    const window =
      this.#rows?.read(start, frames, lost) ??
      new BorrowedWindow(this.#memory, slotOf(start, this.capacity), start, frames, lost)
    return window as Window as Window<D>
  }

  #checkFrames(n: number): void {
    if (!(Number.isInteger(n) && n >= 0 && n <= this.frames)) {
      throw new RangeError(`n must be an integer from 0 to the window's ${this.frames} frames, got ${shown(n)}`)
    }
  }
}
