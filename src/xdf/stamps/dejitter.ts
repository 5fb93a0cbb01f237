import { childOf } from '../../lsl/xml.js'
import type { StreamHeader } from '../stream-header.js'

/** A step between two stamps is a break when it is longer than both. */
const BREAK_S = 1
const BREAK_PERIODS = 500

/** The line through the stamps of one segment, and the sums that it comes from; stamps are relative to the first one that is a number. */
class SegmentFit {
  readonly first: number
  #origin = NaN
  #frames = 0
  #stamps = 0
  #meanIndex = 0
  #meanTime = 0
  #covariance = 0
  #squares = 0

  constructor(first: number) {
    this.first = first
  }

  get last(): number {
    return this.first + this.#frames - 1
  }

  /** The next frame; one whose stamp is no number gets its place on the line, and has no part in it. */
  add(time: number): void {
    const index = this.#frames++
    if (!Number.isFinite(time)) return
    if (this.#stamps++ === 0) this.#origin = time
    const fromMean = index - this.#meanIndex
    this.#meanIndex += fromMean / this.#stamps
    this.#meanTime += (time - this.#origin - this.#meanTime) / this.#stamps
    this.#covariance += fromMean * (time - this.#origin - this.#meanTime)
    this.#squares += fromMean * (index - this.#meanIndex)
  }

  /** NaN where no stamp was a number. */
  at(index: number): number {
    return this.#origin + this.#meanTime + this.#slope * (index - this.first - this.#meanIndex)
  }

  get #slope(): number {
    return this.#squares === 0 ? 0 : this.#covariance / this.#squares
  }
}

/**
 * Removes the jitter from the stamps of one regular stream, as pyxdf does by default: a line through them between two breaks.
 * All stamps have to be added first; then they are replaced, in the same order. Of an irregular stream, and of one whose
 * metadata says that it can drop samples, the stamps stay as they are.
 */
export class Dejitter {
  readonly #breakS: number
  readonly #replaces: boolean
  readonly #fits: SegmentFit[] = []
  #added = 0
  #lastTime = NaN
  #applied = 0
  #fit = 0

  constructor(header: StreamHeader) {
    this.#breakS = Math.max(BREAK_S, BREAK_PERIODS / header.nominalSrate)
    this.#replaces = header.nominalSrate > 0 && !canDropSamples(header)
  }

  /** Takes account of the next stamps. */
  add(times: Float64Array): void {
    if (!this.#replaces) return
    for (const time of times) {
      const isNumber = Number.isFinite(time)
      const breaks = isNumber && Math.abs(time - this.#lastTime) > this.#breakS
      if (this.#fits.length === 0 || breaks) this.#fits.push(new SegmentFit(this.#added))
      this.#fits.at(-1)?.add(time)
      this.#added++
      if (isNumber) this.#lastTime = time
    }
  }

  /** Replaces the next stamps, in place. */
  apply(times: Float64Array): void {
    if (!this.#replaces) return
    for (let i = 0; i < times.length; i++) {
      const index = this.#applied++
      let fit = this.#fits[this.#fit]
      if (fit !== undefined && index > fit.last) fit = this.#fits[++this.#fit]
      if (fit !== undefined) times[i] = fit.at(index)
    }
  }
}

function canDropSamples({ desc }: StreamHeader): boolean {
  return childOf(childOf(desc, 'synchronization'), 'can_drop_samples')?.text.toLowerCase() === 'true'
}
