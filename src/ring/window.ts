import type { NumericArray, SampleArray } from '../channel-format.js'
import { FRAMES } from './ring-layout.js'
import type { RingMemory } from './ring-memory.js'
import { claim, isWhole } from './protocol.js'

/** Samples frames x channels, row-major, oldest first; of a stream of strings its rows. */
export type WindowData = SampleArray | string[][]

/** A part of a ring. Numbers are borrowed from shared memory: use them, then ask isIntact(). Strings are the caller's own. */
export interface Window<D extends WindowData = NumericArray> {
  readonly data: D
  readonly times: Float64Array
  readonly frames: number
  readonly channels: number
  /** Absolute index of the first frame. */
  readonly start: number
  /** Missing samples: overwritten before they could be taken, those just before `start`. */
  readonly lost: number
  /**
   * Whether nothing of what was read from the window so far had been overwritten. Ask after reading: if it is false,
   * throw away what was computed. Never blocks; any thread that holds the window.
   */
  isIntact(): boolean
}

/** A validated copy: safe to keep. */
export type OwnedWindow<D extends WindowData = NumericArray> = Omit<Window<D>, 'isIntact'>

/** A window borrowed from shared memory. */
export class BorrowedWindow implements Window<SampleArray> {
  readonly data: SampleArray
  readonly times: Float64Array
  readonly frames: number
  readonly channels: number
  readonly start: number
  readonly lost: number
  readonly #memory: RingMemory

  constructor(memory: RingMemory, slot: number, start: number, frames: number, lost: number) {
    const { channels } = memory
    this.#memory = memory
    this.data = memory.samples.subarray(slot * channels, (slot + frames) * channels)
    this.times = memory.times.subarray(slot, slot + frames)
    this.frames = frames
    this.channels = channels
    this.start = start
    this.lost = lost
  }

  isIntact(): boolean {
    const { words, modulus, maxChunk, capacity } = this.#memory
    return this.frames === 0 || isWhole(this.start, claim(words, FRAMES, modulus), maxChunk, capacity)
  }
}
