import type { SampleArray } from '../../channel-format.js'
import { options, required } from '../../check.js'
import { channelCount, sampleCount, wholeFrames } from '../check.js'

/** Over how many samples mean and standard deviation are taken. */
export interface RollingMeanSdOptions {
  /** Mean and deviation are over so many samples: the newest and those before it. */
  readonly nSamples: number
  readonly channels: number
}

const checked = options<RollingMeanSdOptions>('rollingMeanSd', 'rollingMeanSd({ nSamples: 250, channels: 8 })', {
  nSamples: required(sampleCount),
  channels: channelCount,
})

/** Count, mean and sum of squared deviations of one channel's samples. */
const COUNT = 0
const MEAN = 1
const SQUARES = 2
const MOMENTS = 3

/** Mean and standard deviation of the newest samples of each channel. Made by {@link rollingMeanSd}. */
export class RollingMeanSd {
  readonly channels: number
  readonly nSamples: number
  /** Of the newest frame, one for each channel; NaN before the first. The arrays stay the same. */
  readonly mean: Float64Array
  readonly sd: Float64Array
  /** The newest nSamples of each channel, in a ring; NaN where a value was not finite or has not come. */
  readonly #past: Float64Array
  /** Of the window, per channel. */
  readonly #rolling: Float64Array
  /**
   * Of the samples since the ring last began anew. When it begins again these are the whole window, and replace what rolled:
   * what a large artefact leaves behind in rounding lasts one window at most.
   */
  readonly #fresh: Float64Array
  #slot = 0

  /** @internal */
  constructor(options: RollingMeanSdOptions) {
    const { nSamples, channels } = checked(options)
    this.nSamples = nSamples
    this.channels = channels
    this.mean = new Float64Array(this.channels).fill(NaN)
    this.sd = new Float64Array(this.channels).fill(NaN)
    this.#past = new Float64Array(this.nSamples * this.channels).fill(NaN)
    this.#rolling = new Float64Array(MOMENTS * this.channels)
    this.#fresh = new Float64Array(MOMENTS * this.channels)
  }

  /** Forgets all samples. */
  reset(): void {
    this.mean.fill(NaN)
    this.sd.fill(NaN)
    this.#past.fill(NaN)
    this.#rolling.fill(0)
    this.#fresh.fill(0)
    this.#slot = 0
  }

  /**
   * Takes whole frames x channels, and sets {@link RollingMeanSd.mean} and {@link RollingMeanSd.sd}, or with arrays of the length of
   * `input`, those of every frame. The deviation divides by the number of samples, as `numpy.std`. Values that are not
   * finite are left out. Nothing is allocated.
   */
  process(input: SampleArray, means?: Float64Array, sds?: Float64Array): void {
    const { channels, nSamples } = this
    const frames = wholeFrames('input', input.length, channels)
    for (let frame = 0, i = 0; frame < frames; frame++) {
      const slot = this.#slot * channels
      for (let channel = 0; channel < channels; channel++, i++) {
        const at = channel * MOMENTS
        const given = Number(input[i])
        const value = given - given === 0 ? given : NaN
        remove(this.#rolling, at, this.#past[slot + channel] ?? NaN)
        add(this.#rolling, at, value)
        add(this.#fresh, at, value)
        this.#past[slot + channel] = value
      }
      this.#slot++
      if (this.#slot === nSamples) {
        this.#slot = 0
        this.#rolling.set(this.#fresh)
        this.#fresh.fill(0)
      }
      this.#show(means, sds, frame * channels)
    }
  }

  #show(means: Float64Array | undefined, sds: Float64Array | undefined, first: number): void {
    for (let channel = 0; channel < this.channels; channel++) {
      const at = channel * MOMENTS
      const count = this.#rolling[at + COUNT] ?? 0
      const mean = count === 0 ? NaN : (this.#rolling[at + MEAN] ?? NaN)
      const sd = count === 0 ? NaN : Math.sqrt(Math.max(0, this.#rolling[at + SQUARES] ?? NaN) / count)
      this.mean[channel] = mean
      this.sd[channel] = sd
      if (means !== undefined) means[first + channel] = mean
      if (sds !== undefined) sds[first + channel] = sd
    }
  }
}

/** Running mean and standard deviation of each channel, as a z-score or a threshold needs them. */
export function rollingMeanSd(options: RollingMeanSdOptions): RollingMeanSd {
  return new RollingMeanSd(options)
}

/** Welford's step forth: it does not subtract large squares from each other, whatever the offset. */
function add(moments: Float64Array, at: number, value: number): void {
  if (value !== value) return
  const count = (moments[at + COUNT] ?? 0) + 1
  const before = value - (moments[at + MEAN] ?? 0)
  const mean = (moments[at + MEAN] ?? 0) + before / count
  moments[at + COUNT] = count
  moments[at + MEAN] = mean
  moments[at + SQUARES] = (moments[at + SQUARES] ?? 0) + before * (value - mean)
}

/** Welford's step back. */
function remove(moments: Float64Array, at: number, value: number): void {
  if (value !== value) return
  const count = (moments[at + COUNT] ?? 0) - 1
  if (count <= 0) {
    moments.fill(0, at, at + MOMENTS)
    return
  }
  const before = value - (moments[at + MEAN] ?? 0)
  const mean = (moments[at + MEAN] ?? 0) - before / count
  moments[at + COUNT] = count
  moments[at + MEAN] = mean
  moments[at + SQUARES] = (moments[at + SQUARES] ?? 0) - before * (value - mean)
}
