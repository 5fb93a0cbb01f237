import type { SampleArray } from '../../channel-format.js'
import { amount, options, required, whole } from '../../check.js'
import { channelCount, wholeFrames } from '../check.js'
import type { FloatArray } from '../copy-values.js'

/** How many samples become one. */
export interface DecimatorOptions {
  /** One of so many samples stays. */
  readonly factor: number
  readonly channels: number
  /** Rate of the input; tells {@link Decimator.delayS} and {@link Decimator.outputRateHz}. */
  readonly sampleRateHz?: number
}

const checked = options<DecimatorOptions>('Decimator', 'new Decimator({ factor: 4, channels: 8 })', {
  factor: required(whole({ from: 1, to: 10_000 })),
  channels: channelCount,
  sampleRateHz: amount('Hz', { above: 0 }),
})

/** Taps of the low-pass on either side of its middle, per factor: as `scipy.signal.decimate(ftype='fir')`. */
const HALF_TAPS = 10

/**
 * Lowers the rate of a signal, after a low-pass that removes what the lower rate cannot carry. Causal, with a state for each
 * channel; equal to `scipy.signal.decimate(ftype='fir', zero_phase=False)`. All frequencies are delayed alike, so that the
 * delay can be subtracted from the stamps exactly. It begins as if the first sample had always been there.
 */
export class Decimator {
  readonly channels: number
  readonly factor: number
  /** How late the output is, in samples of the input. */
  readonly delaySamples: number
  /** How late the output is, in seconds; NaN without `sampleRateHz`. Subtract it from the stamps. */
  readonly delayS: number
  /** NaN without `sampleRateHz`. */
  readonly outputRateHz: number
  readonly #taps: Float64Array
  /** The newest frames twice, one ring after the other, so that as many as there are taps stand together, oldest first. */
  readonly #past: Float64Array
  #slot = 0
  #phase = 0
  #started = false

  constructor(options: DecimatorOptions) {
    const { factor, channels, sampleRateHz = NaN } = checked(options)
    this.factor = factor
    this.channels = channels
    this.#taps = this.factor === 1 ? Float64Array.of(1) : lowPassTaps(this.factor)
    this.delaySamples = (this.#taps.length - 1) / 2
    this.delayS = this.delaySamples / sampleRateHz
    this.outputRateHz = sampleRateHz / this.factor
    this.#past = new Float64Array(2 * this.#taps.length * this.channels)
  }

  /** Frames that the next `frames` frames of input will give. */
  outputFrames(frames: number): number {
    return Math.max(0, Math.ceil((frames - this.#phase) / this.factor))
  }

  /** Forgets what was filtered, as after a gap in the stream. */
  reset(): void {
    this.#slot = 0
    this.#phase = 0
    this.#started = false
  }

  /**
   * Takes whole frames x channels and writes the frames that remain; answers how many these are. The first one belongs to the first
   * frame of all. `output` must hold {@link Decimator.outputFrames}. A NaN spoils the outputs whose low-pass covers it, no others.
   */
  process(input: SampleArray, output: FloatArray): number {
    const { channels, factor } = this
    const frames = wholeFrames('input', input.length, channels)
    const written = this.outputFrames(frames)
    if (output.length < written * channels) {
      throw new RangeError(`output must hold ${written} frames of ${channels} channels, got ${output.length} values`)
    }
    let next = 0
    for (let frame = 0; frame < frames; frame++) {
      this.#remember(input, frame * channels)
      if (this.#phase === 0) {
        this.#filter(output, next)
        next += channels
        this.#phase = factor
      }
      this.#phase--
    }
    return written
  }

  #remember(input: SampleArray, at: number): void {
    const { channels } = this
    const past = this.#past
    const size = this.#taps.length
    if (!this.#started) {
      for (let i = 0; i < past.length; i++) past[i] = Number(input[at + (i % channels)])
      this.#started = true
    }
    const first = this.#slot * channels
    for (let channel = 0; channel < channels; channel++) {
      const value = Number(input[at + channel])
      past[first + channel] = value
      past[first + size * channels + channel] = value
    }
    this.#slot = this.#slot + 1 === size ? 0 : this.#slot + 1
  }

  #filter(output: FloatArray, at: number): void {
    const { channels } = this
    const taps = this.#taps
    const past = this.#past
    const first = this.#slot * channels
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0
      // The taps are symmetric: which end they begin at does not matter.
      for (let tap = 0, i = first + channel; tap < taps.length; tap++, i += channels) {
        sum += (taps[tap] ?? 0) * (past[i] ?? 0)
      }
      output[at + channel] = sum
    }
  }
}

/** `scipy.signal.firwin(20 * factor + 1, 1 / factor, window='hamming')`. */
function lowPassTaps(factor: number): Float64Array {
  const middle = HALF_TAPS * factor
  const taps = Float64Array.from({ length: 2 * middle + 1 }, (_, i) => {
    const x = (i - middle) / factor
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
    return sinc * (0.54 - 0.46 * Math.cos((Math.PI * i) / middle))
  })
  const sum = taps.reduce((total, tap) => total + tap)
  return taps.map(tap => tap / sum)
}
