import type { SampleArray } from '../../channel-format.js'
import { oneOf, options, shown } from '../../check.js'
import { channelCount, wholeFrames } from '../check.js'
import { copyValues } from '../copy-values.js'
import type { FloatArray } from '../copy-values.js'
import { OwnOutput } from '../own-output.js'
import { isStable } from './section.js'
import type { Section } from './section.js'
import { PAIR_STATE, filterPair } from './section-pair.js'

/** How many channels are filtered, and how the filter begins. */
export interface SosFilterOptions {
  readonly channels: number
  /**
   * How a channel begins. 'steady', the default: as if its first sample had always been there, so that an offset gives no
   * transient. 'zero': as if zeros had always been there, as `sosfilt` does without `zi`.
   */
  readonly initial?: 'steady' | 'zero'
}

const checked = options<SosFilterOptions>('SosFilter', 'new SosFilter(sections, { channels: 8 })', {
  channels: channelCount,
  initial: oneOf('steady', 'zero'),
})

/** States are looked through for vanishing values after so many frames, whatever the chunks. */
const SWEEP_EVERY_FRAMES = 1024
/** Smaller ones become 0: below 2.2e-308 the processor takes a hundred times longer for each operation. */
const VANISHING = 1e-290
/** Completes the last pair of an odd number of sections: it changes nothing. */
const IDENTITY: Section = [1, 0, 0, 1, 0, 0]

/**
 * A causal filter of second-order sections, with a state for each channel: chunks of any size give the same samples as one
 * piece. Equal to `scipy.signal.sosfilt`. One thread; nothing is allocated by {@link SosFilter.process} when it is given
 * a Float64Array as output, or chunks of one size.
 */
export class SosFilter {
  readonly channels: number
  readonly sections: readonly Section[]
  readonly #pairs: number
  readonly #coefficients: Float64Array
  readonly #state: Float64Array
  /** 1 for a channel whose next sample is taken for its steady state. */
  readonly #starts: Uint8Array
  /** How many of #starts are 1. */
  #starting = 0
  readonly #initial: 'steady' | 'zero'
  readonly #own = new OwnOutput()
  /** Where filterPair() works: one object, changed before each run, so that none is made for a chunk. */
  readonly #range: { from: number; to: number; channels: number }
  #sinceSweep = 0
  #invalid = 0

  /** `sections` of butterworth(), notch() or scipy; of several filters one after the other: `[...one, ...other]`. */
  constructor(sections: readonly Section[], options: SosFilterOptions) {
    const { channels, initial = 'steady' } = checked(options)
    this.channels = channels
    this.#initial = initial
    this.sections = checkSections(sections)
    const even = this.sections.length % 2 === 0 ? this.sections : [...this.sections, IDENTITY]
    this.#pairs = even.length / 2
    this.#coefficients = Float64Array.from(even.flatMap(([b0, b1, b2, , a1, a2]) => [b0, b1, b2, a1, a2]))
    this.#state = new Float64Array(this.#pairs * this.channels * PAIR_STATE)
    this.#starts = new Uint8Array(this.channels)
    this.#range = { from: 0, to: 0, channels: this.channels }
    this.reset()
  }

  /**
   * How many values were NaN or infinite, over all channels. Such a value gives NaN, and its channel begins anew, steady, with the
   * next finite one: the filter does not stay poisoned.
   */
  get invalid(): number {
    return this.#invalid
  }

  /** Forgets what was filtered, as after a gap in the stream; the count of invalid values stays. */
  reset(): void {
    const steady = this.#initial === 'steady'
    this.#state.fill(0)
    this.#starts.fill(steady ? 1 : 0)
    this.#starting = steady ? this.channels : 0
    this.#sinceSweep = 0
  }

  /**
   * Filters whole frames x channels, row-major, into `output`, and answers it. `output` may be `input` itself. Without one the answer
   * is an array of the filter's own, which the next call overwrites.
   */
  process(input: SampleArray): Float64Array
  process<Output extends FloatArray>(input: SampleArray, output: Output): Output
  process(input: SampleArray, output: FloatArray = this.#own.of(input.length)): FloatArray {
    const frames = wholeFrames('input', input.length, this.channels)
    if (output.length !== input.length) {
      throw new RangeError(`output must hold ${input.length} values as the input does, got ${output.length}`)
    }
    // All sections work in double precision, even when the result is not kept so.
    const values = output instanceof Float64Array ? output : this.#own.of(input.length)
    const allFinite = copyValues(input, values)
    for (let frame = 0; frame < frames;) {
      const end = Math.min(frames, frame + SWEEP_EVERY_FRAMES - this.#sinceSweep)
      if (allFinite && this.#starting === 0) {
        this.#run(values, frame, end, 0, this.channels - 1)
      } else this.#runCarefully(values, frame, end)
      this.#sinceSweep += end - frame
      frame = end
      if (this.#sinceSweep === SWEEP_EVERY_FRAMES) this.#sweep()
    }
    if (values !== output) output.set(values)
    return output
  }

  /** All sections over some frames of some channels, which hold nothing but finite values. */
  #run(values: Float64Array, from: number, to: number, channel: number, lastChannel: number): void {
    const range = this.#range
    range.from = from * this.channels
    range.to = to * this.channels
    for (let pair = 0; pair < this.#pairs; pair++) {
      filterPair(this.#coefficients, this.#state, pair, values, range, channel, lastChannel)
    }
  }

  /** Channel by channel, from one invalid value to the next: each part begins steady. */
  #runCarefully(values: Float64Array, from: number, to: number): void {
    const { channels } = this
    const isInvalid = (frame: number, channel: number): boolean => !Number.isFinite(values[frame * channels + channel])
    for (let channel = 0; channel < channels; channel++) {
      let frame = from
      while (frame < to) {
        if (isInvalid(frame, channel)) {
          values[frame * channels + channel] = NaN
          this.#invalid++
          this.#setStarts(channel, 1)
          frame++
          continue
        }
        const first = frame
        while (frame < to && !isInvalid(frame, channel)) frame++
        if (this.#starts[channel] === 1) {
          this.#settle(channel, values[first * channels + channel] ?? 0)
          this.#setStarts(channel, 0)
        }
        this.#run(values, first, frame, channel, channel)
      }
    }
  }

  #setStarts(channel: number, starts: 0 | 1): void {
    this.#starting += starts - (this.#starts[channel] ?? 0)
    this.#starts[channel] = starts
  }

  /** The state of one channel to which it would come if `value` had always been there: `sosfilt_zi` times the value. */
  #settle(channel: number, value: number): void {
    let level = value
    this.sections.forEach(([b0, b1, b2, , a1, a2], s) => {
      const settled = (level * (b0 + b1 + b2)) / (1 + a1 + a2)
      const z = ((s >> 1) * this.channels + channel) * PAIR_STATE + (s & 1) * 2
      this.#state[z] = settled - b0 * level
      this.#state[z + 1] = b2 * level - a2 * settled
      level = settled
    })
  }

  #sweep(): void {
    const state = this.#state
    for (let z = 0; z < state.length; z++) if (Math.abs(state[z] ?? 0) < VANISHING) state[z] = 0
    this.#sinceSweep = 0
  }
}

function checkSections(sections: unknown): Section[] {
  if (!Array.isArray(sections) || sections.length === 0) {
    throw new TypeError(
      `sections must be a list of sections, as butterworth() and notch() answer it, got ${shown(sections)}`,
    )
  }
  return sections.map((row: unknown, s) => {
    if (!isSection(row)) {
      throw new TypeError(`sections[${s}] must be six finite numbers b0, b1, b2, 1, a1, a2, got ${shown(row)}`)
    }
    if (!isStable(row)) throw new RangeError(`sections[${s}] is not stable: its poles must be inside the unit circle`)
    return [...row]
  })
}

function isSection(row: unknown): row is Section {
  // Array.from: a hole is no number.
  return Array.isArray(row) && row.length === 6 && Array.from(row as unknown[]).every(Number.isFinite) && row[3] === 1
}
