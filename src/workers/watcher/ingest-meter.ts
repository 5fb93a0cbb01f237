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
  #dropped = 0
  /** Samples since the last one whose stamp is a time. */
  #unstamped = 0
  /** Frames of the last gap that may turn out to have been late, not missing, and until which stamp. */
  #doubt = 0
  #doubtEnd = 0
  /** By how many periods samples came early since that gap. */
  #early = 0
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
    this.#noteLast(times, first, first + frames)
    this.#overflowing = false
    this.#rates(frames, now)
  }

  /** The inlet's queue was full: what it dropped shows as a gap in the next stamps, and that gap is our loss. */
  overflowed(): void {
    this.figures.overflows++
    this.#overflowing = true
  }

  /** The inlet itself counts what it dropped: `dropped` frames since it was made. */
  droppedByInlet(dropped: number): void {
    if (dropped === this.#dropped) return
    this.figures.overflows++
    this.figures.lost += dropped - this.#dropped
    this.#dropped = dropped
  }

  /** Another inlet, which has dropped nothing yet. */
  reconnected(): void {
    this.#dropped = 0
    this.#doubt = 0
    // The outlet may have come back on another machine: the old clock offset says nothing of it.
    this.figures.offsetS = NaN
    this.figures.uncertaintyS = NaN
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

  #noteLast(times: Float64Array, first: number, end: number): void {
    for (let index = end - 1; index >= first; index--) {
      const stamp = times[index] ?? NaN
      if (!Number.isFinite(stamp)) continue
      this.#lastStamp = stamp
      return
    }
  }

  #checkStamps(times: Float64Array, first: number, end: number): void {
    const rate = this.#nominalSrate
    let previous = this.#lastStamp
    for (let index = first; index < end; index++) {
      const stamp = times[index] ?? NaN
      if (!Number.isFinite(stamp)) {
        // It says nothing about the time; the next one does, for both.
        this.#unstamped++
        continue
      }
      const excess = (stamp - previous) * rate - 1 - this.#unstamped
      this.#unstamped = 0
      if (excess > GAP_PERIODS - 1) this.#gap(Math.round(excess), stamp)
      else if (this.#doubt > 0) this.#cameEarly(-excess, stamp)
      previous = stamp
    }
  }

  #gap(missing: number, stamp: number): void {
    const { figures } = this
    figures.gaps++
    figures.gapFrames += missing
    if (this.#overflowing) figures.lost += missing
    // A sender that was held up makes up for it at once: the samples come, with stamps that are too near each other.
    this.#doubt = this.#overflowing ? 0 : missing
    this.#doubtEnd = stamp + missing / this.#nominalSrate
    this.#early = 0
  }

  #cameEarly(periods: number, stamp: number): void {
    const { figures } = this
    this.#early += periods
    // A step back by more is a clock that was set, and says nothing about the gap.
    if (stamp > this.#doubtEnd || this.#early > this.#doubt + GAP_PERIODS) {
      this.#doubt = 0
      return
    }
    const late = Math.min(this.#doubt, Math.round(this.#early))
    if (late <= 0) return
    figures.gapFrames -= late
    this.#doubt -= late
    this.#early -= late
    if (this.#doubt === 0) figures.gaps--
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
    const bySender = this.#lastStamp - this.#rateStartStamp
    this.figures.rateByStamps = bySender > 0 ? this.#rateFrames / bySender : 0
    this.#rateStart = now
    this.#rateStartStamp = this.#lastStamp
    this.#rateFrames = 0
  }
}
