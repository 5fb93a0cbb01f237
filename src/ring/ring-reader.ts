import type { ChannelFormat, SampleArray } from '../channel-format.js'
import type { RingHandle } from './allocate-ring.js'
import { MarkerRows } from './marker-rows.js'
import { isClosed, observe, oldestWhole, truncatedCount } from './protocol.js'
import { FRAMES, slotOf } from './ring-layout.js'
import { attachMemory } from './ring-memory.js'
import type { RingMemory } from './ring-memory.js'
import { RingWaiter } from './ring-waiter.js'
import { takeSnapshot } from './snapshot.js'
import { BorrowedWindow } from './window.js'
import type { OwnedWindow, Window, WindowData } from './window.js'

/**
 * Reads a ring from any thread, without a lock and without a copy. Any number of readers may read one ring; each has its
 * own cursor. Reading never blocks; wait() does. `D` is what the caller knows the ring's format to be.
 */
export class RingReader<D extends WindowData = WindowData> {
  readonly format: ChannelFormat
  readonly channels: number
  /** W: the largest window. */
  readonly frames: number
  /** C: the slots of `buffer`. */
  readonly capacity: number
  /** Hz; 0 is irregular. */
  readonly nominalSrate: number
  /** The ring itself, C slots, newest frame before `position`. Of strings: their entries, see ring-layout.ts. */
  readonly buffer: SampleArray
  readonly bufferT: Float64Array
  readonly #memory: RingMemory
  readonly #waiter: RingWaiter
  readonly #rows: MarkerRows | undefined
  #cursor: number
  #lapped = 0
  #lost = 0

  private constructor(memory: RingMemory) {
    const { format, channels, frames, capacity, nominalSrate } = memory
    this.format = format
    this.channels = channels
    this.frames = frames
    this.capacity = capacity
    this.nominalSrate = nominalSrate
    this.buffer = memory.samples.subarray(0, capacity * memory.columns)
    this.bufferT = memory.times.subarray(0, capacity)
    this.#memory = memory
    this.#waiter = new RingWaiter(memory.words)
    this.#rows = format === 'string' ? new MarkerRows(memory) : undefined
    this.#cursor = this.written()
  }

  /** Attaches to the memory of `handle`. The cursor starts at the next frame to be written. */
  static attach<D extends WindowData = WindowData>(handle: RingHandle): RingReader<D> {
    return new RingReader<D>(attachMemory(handle))
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
    if (!Number.isSafeInteger(index)) throw new RangeError(`cursor must be an integer, got ${index}`)
    this.#cursor = index
  }

  /** How often takeNew() found its frames overwritten. */
  get lapped(): number {
    return this.#lapped
  }

  /** How many frames takeNew() has lost in all. */
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
   */
  takeNew(maxFrames: number = this.frames): Window<D> {
    if (!(maxFrames >= 0)) throw new RangeError(`maxFrames must be 0 or more, got ${maxFrames}`)
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
    const window = this.#view(start, frames, lost)
    this.#cursor = start + frames
    if (window.lost > 0) {
      this.#lapped++
      this.#lost += window.lost
    }
    return window
  }

  /** The `n` frames before absolute index `end`, at most W; zeros for those before the first frame. Not intact if overwritten. */
  window(end: number, n: number): Window<D> {
    this.#checkFrames(n)
    return this.#view(end - n, n, 0)
  }

  /**
   * A validated copy of the newest `n` frames, in `into` or in a new array; fewer if the stream is younger. If the writer
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
    this.#waiter.wait(() => this.#hasNew(minFrames) || this.closed, timeoutMs)
    return this.#hasNew(minFrames)
  }

  /** Like wait(), without blocking: any thread. Keeps the process alive while it is awaited; `signal` ends it early. */
  async waitAsync(timeoutMs = Infinity, signal?: AbortSignal, minFrames = 1): Promise<boolean> {
    await this.#waiter.waitAsync(() => this.#hasNew(minFrames) || this.closed, timeoutMs, signal)
    return this.#hasNew(minFrames)
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
      throw new RangeError(`n must be an integer from 0 to the window's ${this.frames} frames, got ${n}`)
    }
  }
}
