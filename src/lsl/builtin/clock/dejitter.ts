/** Initial uncertainty of the line's parameters, as in liblsl. */
const UNKNOWN = 1e10

/**
 * Draws a line through the stamps of a regular stream by recursive least squares with exponential forgetting: liblsl's
 * algorithm and, operation by operation, its results.
 */
export class Dejitter {
  readonly #line: { readonly nominalSrate: number; readonly halftimeS: number }
  readonly #forget: number
  readonly #baseline: number
  #p00 = UNKNOWN
  #p01 = 0
  #p11 = UNKNOWN
  #w0 = 0
  #w1: number
  #index = 0

  constructor(firstStamp: number, nominalSrate: number, halftimeS: number) {
    this.#line = { nominalSrate, halftimeS }
    this.#baseline = Math.trunc(firstStamp)
    this.#w1 = 1 / nominalSrate
    this.#forget = 2 ** (-1 / (nominalSrate * halftimeS))
  }

  /** Another one that has learned the same. */
  copy(): Dejitter {
    const { nominalSrate, halftimeS } = this.#line
    const other = new Dejitter(this.#baseline, nominalSrate, halftimeS)
    other.#p00 = this.#p00
    other.#p01 = this.#p01
    other.#p11 = this.#p11
    other.#w0 = this.#w0
    other.#w1 = this.#w1
    other.#index = this.#index
    return other
  }

  /** How far `stamp` is from where the line expects the next sample, seconds. */
  error(stamp: number): number {
    return stamp - this.#baseline - (this.#w0 + this.#index * this.#w1)
  }

  /** Samples were lost between the last one and the next. */
  skip(samples: number): void {
    this.#index += samples
  }

  apply(stamp: number): number {
    const u = this.#index++
    const pi0 = this.#p00 + u * this.#p01
    const pi1 = this.#p01 + u * this.#p11
    const error = stamp - this.#baseline - (this.#w0 + u * this.#w1)
    const gain = 1 / (this.#forget + pi0 + pi1 * u)
    const inverse = 1 / this.#forget
    this.#p00 = inverse * (this.#p00 - pi0 * pi0 * gain)
    this.#p01 = inverse * (this.#p01 - pi0 * pi1 * gain)
    this.#p11 = inverse * (this.#p11 - pi1 * pi1 * gain)
    this.#w0 += error * (this.#p00 + this.#p01 * u)
    this.#w1 += error * (this.#p01 + this.#p11 * u)
    return this.#w0 + u * this.#w1 + this.#baseline
  }
}
