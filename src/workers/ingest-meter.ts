import { noFigures } from './watcher-board.js'
import type { WatcherFigures } from './watcher-board.js'

/** Longer between two stamps of a regular stream than that many periods, and frames are missing. */
const GAP_PERIODS = 1.5
const STALL_CHUNKS = 5
const SHORTEST_STALL_S = 0.25
/** Taken for the time between two chunks until two have come. */
const UNKNOWN_CHUNK_S = 1
/** Weight of the newest chunk in the running mean of the time between two. */
const CHUNK_WEIGHT = 0.1
const RATE_EVERY_S = 1

/** What {@link IngestMeter.resumed} found between the last frame before an interruption and the first after it. */
export interface Gap {
  /** Seconds without frames, by the stamps. */
  readonly gapS: number
  /** Frames that a regular stream would have had in that time; 0 for an irregular one. */
  readonly gapFrames: number
}

/**
 * Keeps the books on what a stream delivers: counts, rates, gaps in the stamps, how long is too long without data. Pure:
 * the caller gives the time, in LSL clock seconds. Nothing is allocated per pull.
 */
export class IngestMeter {
  readonly figures: WatcherFigures = noFigures()
  readonly #nominalSrate: number
  #lastStamp = NaN
  #chunkS = NaN
  #overflowing = false
  #rateStart = NaN
  #rateStartStamp = NaN
  #rateFrames = 0

  constructor(nominalSrate: number) {
    this.#nominalSrate = nominalSrate
  }

  /** `frames` frames arrived at `now`, their stamps in `times` from `first` on. */
  arrived(frames: number, times: Float64Array, first: number, now: number): void {
    const { figures } = this
    figures.pulls++
    figures.frames += frames
    if (figures.arrivalS > 0) {
      const elapsed = now - figures.arrivalS
      this.#chunkS = Number.isNaN(this.#chunkS) ? elapsed : this.#chunkS + CHUNK_WEIGHT * (elapsed - this.#chunkS)
    }
    figures.arrivalS = now
    if (this.#nominalSrate > 0) this.#checkStamps(times, first, first + frames)
    this.#lastStamp = times[first + frames - 1] ?? NaN
    this.#overflowing = false
    this.#rates(frames, now)
  }

  /** The inlet's queue was full: what it dropped shows as a gap in the next stamps, and that gap is our loss. */
  overflowed(): void {
    this.figures.overflows++
    this.#overflowing = true
  }

  /** Whether a regular stream that was delivering has been silent for too long: five chunks, and 250 ms at least. */
  stalledAt(now: number): boolean {
    if (this.#nominalSrate === 0 || this.figures.arrivalS === 0) return false
    const chunkS = Number.isNaN(this.#chunkS) ? UNKNOWN_CHUNK_S : Math.max(this.#chunkS, 1 / this.#nominalSrate)
    return now - this.figures.arrivalS > Math.max(STALL_CHUNKS * chunkS, SHORTEST_STALL_S)
  }

  /** How much is missing before `stamp`, the first after an interruption. */
  resumed(stamp: number): Gap {
    const period = this.#nominalSrate > 0 ? 1 / this.#nominalSrate : 0
    const elapsed = stamp - this.#lastStamp - period
    const gapS = Number.isNaN(elapsed) ? 0 : Math.max(0, elapsed)
    return { gapS, gapFrames: Math.round(gapS * this.#nominalSrate) }
  }

  #checkStamps(times: Float64Array, first: number, end: number): void {
    const longest = GAP_PERIODS / this.#nominalSrate
    let previous = this.#lastStamp
    for (let index = first; index < end; index++) {
      const stamp = times[index] ?? NaN
      const elapsed = stamp - previous
      if (elapsed > longest) {
        const missing = Math.round(elapsed * this.#nominalSrate) - 1
        this.figures.gaps++
        this.figures.gapFrames += missing
        if (this.#overflowing) this.figures.lost += missing
      }
      previous = stamp
    }
  }

  #rates(frames: number, now: number): void {
    if (Number.isNaN(this.#rateStart)) {
      this.#rateStart = now
      this.#rateStartStamp = this.#lastStamp
      return
    }
    this.#rateFrames += frames
    const elapsed = now - this.#rateStart
    if (elapsed < RATE_EVERY_S) return
    this.figures.rateByClock = this.#rateFrames / elapsed
    this.figures.rateByStamps = this.#rateFrames / (this.#lastStamp - this.#rateStartStamp)
    this.#rateStart = now
    this.#rateStartStamp = this.#lastStamp
    this.#rateFrames = 0
  }
}
