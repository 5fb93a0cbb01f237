/** Second-order Butterworth sections, for the eye only: what is shown is labelled with them, and nothing else sees them. */
interface Section {
  readonly b0: number
  readonly b1: number
  readonly b2: number
  readonly a1: number
  readonly a2: number
}

const Q = Math.SQRT1_2

function section(kind: 'high' | 'low', hz: number, srate: number): Section {
  const w = (2 * Math.PI * hz) / srate
  const cos = Math.cos(w)
  const alpha = Math.sin(w) / (2 * Q)
  const a0 = 1 + alpha
  const edge = (kind === 'low' ? (1 - cos) / 2 : (1 + cos) / 2) / a0
  return { b0: edge, b1: (kind === 'low' ? 2 : -2) * edge, b2: edge, a1: (-2 * cos) / a0, a2: (1 - alpha) / a0 }
}

/** Filters the frames of a stream one after the other, each channel with a state of its own. */
export class DisplayFilter {
  readonly #sections: readonly Section[]
  readonly #channels: number
  /** Two states for each section and channel; NaN: to be settled at the next value. */
  readonly #states: Float64Array

  /** Hz; 0, or what the stream is too slow for, is no filter. */
  constructor(channels: number, srate: number, highPass: number, lowPass: number) {
    const possible = (hz: number): boolean => hz > 0 && hz < srate / 2
    this.#sections = [
      ...(possible(highPass) ? [section('high', highPass, srate)] : []),
      ...(possible(lowPass) ? [section('low', lowPass, srate)] : []),
    ]
    this.#channels = channels
    this.#states = new Float64Array(2 * channels * this.#sections.length)
    this.reset()
  }

  get isNone(): boolean {
    return this.#sections.length === 0
  }

  /** After a gap: the next value is taken for one that has always been there, so that nothing rings. */
  reset(): void {
    this.#states.fill(NaN)
  }

  /** The filtered value. NaN stays NaN, and the filter settles anew after it. */
  next(channel: number, value: number): number {
    let x = value
    const states = this.#states
    for (let s = 0; s < this.#sections.length; s++) {
      const { b0, b1, b2, a1, a2 } = this.#sections[s] as Section
      const at = 2 * (s * this.#channels + channel)
      let z1 = states[at] as number
      let z2 = states[at + 1] as number
      if (z1 !== z1) {
        const steady = ((b0 + b1 + b2) / (1 + a1 + a2)) * x
        z2 = b2 * x - a2 * steady
        z1 = steady - b0 * x
      }
      const y = b0 * x + z1
      states[at] = b1 * x - a1 * y + z2
      states[at + 1] = b2 * x - a2 * y
      x = y
    }
    return x
  }
}
