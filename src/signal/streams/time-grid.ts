import { LONGEST_BRIDGED_S } from './timed-frames.js'

/** The times of a timeline with a rate of its own: multiples of its period from where it begins. */
export class TimeGrid {
  readonly #rateHz: number
  #startS = NaN
  #frames = 0

  constructor(rateHz: number) {
    this.#rateHz = rateHz
  }

  get #nextS(): number {
    return this.#startS + this.#frames / this.#rateHz
  }

  /** Begins at `startS`, unless it has begun, as soon as `horizonS` is there. */
  begin(startS: number, horizonS: number): void {
    if (Number.isNaN(this.#startS) && Number.isFinite(startS) && horizonS >= startS) this.#startS = startS
  }

  /** Whether nothing of what comes will be on it: all is far behind its next time. */
  isBehind(newestS: number): boolean {
    return newestS < this.#nextS - 1 - 1 / this.#rateHz
  }

  /** It will begin anew. */
  clear(): void {
    this.#startS = NaN
    this.#frames = 0
  }

  /**
   * Adds the times up to `horizonS` to `timeline`. `comesAt` answers when, at or after a time, the next frame of any stream is: what would be
   * empty for a minute or more is left out.
   */
  take(horizonS: number, comesAt: (timeS: number) => number, timeline: number[]): void {
    let comesS = -Infinity
    for (let timeS = this.#nextS; timeS <= horizonS; timeS = this.#nextS) {
      if (timeS > comesS) comesS = comesAt(timeS)
      if (comesS - timeS > LONGEST_BRIDGED_S) {
        this.#frames = Math.ceil((comesS - this.#startS) * this.#rateHz)
        continue
      }
      timeline.push(timeS)
      this.#frames++
    }
  }
}
