import { allocateSamples } from '../../channel-format.js'
import type { NumericFormat, SampleArray } from '../../channel-format.js'
import { seededRandom } from './random.js'
import { electrodeLabels } from './ten-twenty.js'

const ALPHA_HZ = 10
const ALPHA_UV = 20
const NOISE_UV = 6
/** Largest values that integer formats hold; the signal is cut there rather than wrapped around. */
const LIMIT: Readonly<Partial<Record<NumericFormat, number>>> = { int8: 127, int16: 32767 }

/**
 * An EEG made up in microvolts: pink noise on every channel and a 10 Hz alpha rhythm that waxes and wanes, strongest at
 * the back of the head. The same seed makes the same signal, however it is cut into chunks.
 */
export class SyntheticEeg {
  readonly labels: readonly string[]
  readonly #rate: number
  readonly #format: NumericFormat
  readonly #limit: number
  readonly #random: () => number
  readonly #alphaGain: Float64Array
  /** Three low-pass states per channel, whose sum is close to 1/f (the economy filter of Paul Kellet). */
  readonly #pink: Float64Array
  #frame = 0

  constructor(options: {
    readonly channels: number
    readonly rate: number
    readonly format?: NumericFormat
    readonly seed?: number
  }) {
    const { channels, rate, format = 'float32', seed = 1 } = options
    this.labels = electrodeLabels(channels)
    this.#rate = rate
    this.#format = format
    this.#limit = LIMIT[format] ?? Infinity
    this.#random = seededRandom(seed)
    this.#alphaGain = Float64Array.from(this.labels, label =>
      /^P?O/.test(label) ? 1 : label.startsWith('P') ? 0.7 : 0.3,
    )
    this.#pink = new Float64Array(3 * channels)
  }

  /** The next `frames` frames, as a new array. */
  next(frames: number): SampleArray {
    const samples = allocateSamples(this.#format, frames * this.labels.length)
    for (let i = 0, at = 0; i < frames; i++, this.#frame++) {
      const t = this.#frame / this.#rate
      const alpha = ALPHA_UV * Math.sin(2 * Math.PI * ALPHA_HZ * t) * (0.6 + 0.4 * Math.sin(2 * Math.PI * 0.2 * t))
      for (let c = 0; c < this.labels.length; c++, at++) {
        const microvolts = alpha * (this.#alphaGain[c] ?? 0) + NOISE_UV * this.#pinkNoise(c)
        const value = Math.max(-this.#limit, Math.min(this.#limit, microvolts))
        samples[at] = samples instanceof BigInt64Array ? BigInt(Math.round(value)) : value
      }
    }
    return samples
  }

  #pinkNoise(channel: number): number {
    const white = this.#random() + this.#random() + this.#random() - 1.5
    const at = 3 * channel
    const slow = (this.#pink[at] = 0.99765 * (this.#pink[at] ?? 0) + 0.099046 * white)
    const middle = (this.#pink[at + 1] = 0.963 * (this.#pink[at + 1] ?? 0) + 0.2965164 * white)
    const fast = (this.#pink[at + 2] = 0.57 * (this.#pink[at + 2] ?? 0) + 1.0526913 * white)
    return slow + middle + fast + 0.1848 * white
  }
}
