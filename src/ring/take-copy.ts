import type { SampleArray } from '../channel-format.js'
import { typeName } from './copy-samples.js'
import { claim, isWhole, observe, oldestWhole } from './protocol.js'
import { FRAMES, slotOf } from './ring-layout.js'
import type { RingMemory } from './ring-memory.js'
import type { Window } from './window.js'

/** How often to copy, fewer of the oldest frames each time, when the writer overtakes the copy. */
const TRIES = 4
/** Views of so many lengths are kept, so that a stream whose chunks have one of them makes no garbage. */
const KEPT_VIEWS = 256

type Words = Int32Array | Uint8Array

/** What the copies into one array are shown with. */
interface View {
  readonly data: SampleArray
  readonly times: Float64Array
}

/** A window that was copied and validated. The reader has one of them, which its next copy overwrites. */
class CopiedWindow implements Window<SampleArray> {
  data: SampleArray
  times: Float64Array = new Float64Array(0)
  frames = 0
  readonly channels: number
  start = 0
  lost = 0

  constructor(into: SampleArray, channels: number) {
    this.data = into
    this.channels = channels
  }

  isIntact(): boolean {
    return true
  }
}

/** Copies new frames of a numeric ring into an array of the caller's, for one reader. */
export class CopyTaker {
  readonly into: SampleArray
  readonly #memory: RingMemory
  /** Whole words, whatever the samples' type: a loop over one kind of array makes no garbage. */
  readonly #from: Words
  readonly #to: Words
  readonly #wordsPerFrame: number
  readonly #times: Float64Array
  readonly #views: (View | undefined)[] = []
  readonly #window: CopiedWindow

  /** Throws TypeError or RangeError if `into` is not of the ring's type, or has no room for a frame. */
  constructor(memory: RingMemory, into: SampleArray) {
    const { samples, channels, frames, format } = memory
    if (format === 'string') {
      throw new TypeError("into is for streams of numbers: rows of strings are the caller's own without it")
    }
    const expected = typeName(samples)
    if (typeName(into) !== expected) throw new TypeError(`into must be a ${expected}, got a ${typeName(into)}`)
    if (into.length < channels) {
      throw new RangeError(`into must hold at least one frame of ${channels} channels, got ${into.length} values`)
    }
    this.into = into
    this.#memory = memory
    this.#from = wordsOf(samples)
    this.#to = wordsOf(into)
    this.#wordsPerFrame = (channels * samples.BYTES_PER_ELEMENT) / this.#to.BYTES_PER_ELEMENT
    this.#times = new Float64Array(Math.min(frames, Math.floor(into.length / channels)))
    this.#window = new CopiedWindow(into, channels)
  }

  /**
   * Copies the frames from `cursor` on, at most `maxFrames`, the window of the ring and the room of `into`. What was
   * overwritten before or during the copy counts as lost.
   */
  take(cursor: number, maxFrames: number): Window<SampleArray> {
    const { words, modulus, maxChunk, capacity, firstIndex } = this.#memory
    const wanted = Math.max(cursor, firstIndex)
    const most = Math.min(maxFrames, this.#times.length)
    let start = wanted
    let frames = 0
    let isCopied = false
    for (let tries = 0; tries < TRIES && !isCopied; tries++) {
      const end = observe(words, FRAMES, modulus)
      const oldest = Math.max(firstIndex, oldestWhole(end, maxChunk, capacity))
      // Overtaken once, leave the writer more room: half of what there is, then a quarter.
      start = Math.max(wanted, tries === 0 ? oldest : end - ((end - oldest) >> tries))
      frames = Math.max(0, Math.min(end - start, most))
      this.#copy(slotOf(start, capacity), frames)
      isCopied = frames === 0 || isWhole(start, claim(words, FRAMES, modulus), maxChunk, capacity)
    }
    if (!isCopied) {
      start += frames
      frames = 0
    }
    return this.#show(start, frames, Math.max(0, start - wanted))
  }

  #copy(slot: number, frames: number): void {
    copyWords(this.#from, slot * this.#wordsPerFrame, this.#to, frames * this.#wordsPerFrame)
    const { times } = this.#memory
    for (let frame = 0; frame < frames; frame++) this.#times[frame] = times[slot + frame] ?? 0
  }

  #show(start: number, frames: number, lost: number): Window<SampleArray> {
    const window = this.#window
    const { data, times } = this.#views[frames] ?? this.#makeView(frames)
    window.data = data
    window.times = times
    window.start = start
    window.frames = frames
    window.lost = lost
    return window
  }

  #makeView(frames: number): View {
    const view = {
      data: this.into.subarray(0, frames * this.#memory.channels),
      times: this.#times.subarray(0, frames),
    }
    if (frames < KEPT_VIEWS) this.#views[frames] = view
    return view
  }
}

function copyWords(from: Words, first: number, to: Words, count: number): void {
  for (let i = 0; i < count; i++) to[i] = from[first + i] ?? 0
}

function wordsOf({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT }: SampleArray): Words {
  return BYTES_PER_ELEMENT < Int32Array.BYTES_PER_ELEMENT
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Int32Array(buffer, byteOffset, byteLength / Int32Array.BYTES_PER_ELEMENT)
}
