import type { SampleArray } from '../../channel-format.js'
import { flag, options, required } from '../../check.js'
import { channelCount, sampleCount, wholeFrames } from '../check.js'
import type { FloatArray } from '../copy-values.js'
import { OwnOutput } from '../own-output.js'

/** How many samples are averaged. */
export interface MovingAverageOptions {
  /** The mean is over so many samples: the newest and those before it. */
  readonly nSamples: number
  readonly channels: number
  /** Whether to average the absolute values. Default false. */
  readonly absolute?: boolean
}

const checked = options<MovingAverageOptions>('movingAverage', 'movingAverage({ nSamples: 50, channels: 8 })', {
  nSamples: required(sampleCount),
  channels: channelCount,
  absolute: flag,
})

/** The mean of the newest samples of each channel. Made by {@link movingAverage}. */
export class MovingAverage {
  readonly channels: number
  readonly nSamples: number
  readonly #absolute: boolean
  /** The newest nSamples of each channel, in a ring. Values that are not finite are 0 here. */
  readonly #past: Float64Array
  readonly #sums: Float64Array
  /** What the sums lost in rounding. */
  readonly #lost: Float64Array
  /** How many samples ago the last value came that was not finite, per channel. */
  readonly #finiteFor: Float64Array
  readonly #own = new OwnOutput()
  #slot = 0
  #seen = 0

  /** @internal */
  constructor(options: MovingAverageOptions) {
    const { nSamples, channels, absolute = false } = checked(options)
    this.nSamples = nSamples
    this.channels = channels
    this.#absolute = absolute
    this.#past = new Float64Array(this.nSamples * this.channels)
    this.#sums = new Float64Array(this.channels)
    this.#lost = new Float64Array(this.channels)
    this.#finiteFor = new Float64Array(this.channels).fill(Infinity)
  }

  /** Forgets all samples. */
  reset(): void {
    this.#past.fill(0)
    this.#sums.fill(0)
    this.#lost.fill(0)
    this.#finiteFor.fill(Infinity)
    this.#slot = 0
    this.#seen = 0
  }

  /**
   * The means of whole frames x channels, each with all samples up to its own: causal. The first ones are over as many as there are.
   * NaN while a value of the last nSamples was not finite. Without an output the answer is overwritten by the next call.
   */
  process(input: SampleArray): Float64Array
  process<Output extends FloatArray>(input: SampleArray, output: Output): Output
  process(input: SampleArray, output: FloatArray = this.#own.of(input.length)): FloatArray {
    const { channels, nSamples } = this
    const frames = wholeFrames('input', input.length, channels)
    for (let frame = 0, i = 0; frame < frames; frame++) {
      this.#seen = Math.min(nSamples, this.#seen + 1)
      const slot = this.#slot * channels
      for (let channel = 0; channel < channels; channel++, i++) {
        const given = Number(input[i])
        const isFinite = given - given === 0
        const value = isFinite ? (this.#absolute ? Math.abs(given) : given) : 0
        const finiteFor = isFinite ? (this.#finiteFor[channel] ?? 0) + 1 : 0
        this.#finiteFor[channel] = finiteFor
        this.#add(channel, value)
        this.#add(channel, -(this.#past[slot + channel] ?? 0))
        this.#past[slot + channel] = value
        const sum = (this.#sums[channel] ?? 0) + (this.#lost[channel] ?? 0)
        output[i] = finiteFor >= nSamples ? sum / this.#seen : NaN
      }
      this.#slot = this.#slot + 1 === nSamples ? 0 : this.#slot + 1
    }
    return output
  }

  /** Adds with Neumaier's compensation: however long it runs, the sum stays that of the samples in it. */
  #add(channel: number, value: number): void {
    const sum = this.#sums[channel] ?? 0
    const next = sum + value
    const lost = Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    this.#sums[channel] = next
    this.#lost[channel] = (this.#lost[channel] ?? 0) + lost
  }
}

/** The running mean of the newest `nSamples` of each channel, at a cost that does not depend on how many they are. */
export function movingAverage(options: MovingAverageOptions): MovingAverage {
  return new MovingAverage(options)
}
