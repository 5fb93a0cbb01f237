import { createHistogram } from 'node:perf_hooks'
import type { RecordableHistogram } from 'node:perf_hooks'
import { localClock } from '../../clock.js'
import type { Window, WindowData } from '../../ring/window.js'
import type { StreamWatcher } from '../../stream-watcher.js'
import type { WatcherStats } from '../../workers/watcher/watcher-stats.js'

const NS_PER_S = 1e9
/** Stamps that far from now are of another clock than LSL's. */
const SAME_CLOCK_S = 60

export interface Spread {
  readonly p50S: number
  readonly p99S: number
  readonly maxS: number
}

/** What one stream did while it was watched. */
export interface ProfileFigures {
  readonly seconds: number
  readonly frames: number
  readonly nominalSrate: number
  /** Frames a second by this machine's clock, and by the stamps; NaN where too few came. */
  readonly rateByClock: number
  readonly rateByStamps: number
  /** How far the time between two stamps is from the period; undefined for irregular streams. */
  readonly jitter: Spread | undefined
  /** From the stamp to this thread; undefined where the stamps are of another clock, or its offset is not known. */
  readonly latency: Spread | undefined
  readonly lost: number
  readonly gapFrames: number
  readonly lapped: number
  readonly interruptions: number
  /** Times that this thread, and the stream's own thread, had something to do, a second. */
  readonly wakeUpsPerS: number
  readonly pullsPerS: number
}

/** Adds up what arrives on one stream from now on. */
export class StreamProfile {
  readonly #watcher: StreamWatcher<WindowData>
  readonly #begin: WatcherStats
  readonly #beginS = localClock()
  readonly #periodS: number
  readonly #jitter = createHistogram()
  readonly #latency = createHistogram()
  #otherClock = false
  #frames = 0
  #wakeUps = 0
  #firstStamp = NaN
  #lastStamp = NaN

  constructor(watcher: StreamWatcher<WindowData>) {
    this.#watcher = watcher
    this.#begin = watcher.stats
    const { nominalSrate } = watcher.info
    this.#periodS = nominalSrate > 0 ? 1 / nominalSrate : NaN
  }

  /** Notes a window that has just arrived. */
  note({ times, frames }: Window<WindowData>): void {
    const nowS = localClock()
    this.#wakeUps++
    this.#frames += frames
    for (const stamp of times) {
      if (Number.isNaN(this.#firstStamp)) this.#firstStamp = stamp
      else record(this.#jitter, Math.abs(stamp - this.#lastStamp - this.#periodS))
      this.#lastStamp = stamp
    }
    const offsetS = this.#watcher.stats.timeCorrection?.offsetS ?? NaN
    const latencyS = nowS - (this.#lastStamp + offsetS)
    if (Math.abs(latencyS) > SAME_CLOCK_S) this.#otherClock = true
    record(this.#latency, latencyS)
  }

  figures(): ProfileFigures {
    const seconds = localClock() - this.#beginS
    const { lost, gapFrames, lapped, reconnections, pulls } = this.#watcher.stats
    const begin = this.#begin
    return {
      seconds,
      frames: this.#frames,
      nominalSrate: this.#watcher.info.nominalSrate,
      rateByClock: this.#frames / seconds,
      rateByStamps: this.#frames > 1 ? (this.#frames - 1) / (this.#lastStamp - this.#firstStamp) : NaN,
      jitter: spreadOf(this.#jitter),
      latency: this.#otherClock ? undefined : spreadOf(this.#latency),
      lost: lost - begin.lost,
      gapFrames: gapFrames - begin.gapFrames,
      lapped: lapped - begin.lapped,
      interruptions: reconnections - begin.reconnections,
      wakeUpsPerS: this.#wakeUps / seconds,
      pullsPerS: (pulls - begin.pulls) / seconds,
    }
  }
}

/** In nanoseconds, as histograms take whole numbers from 1 on. What cannot be told, NaN, is left out. */
function record(histogram: RecordableHistogram, seconds: number): void {
  if (Number.isFinite(seconds)) histogram.record(Math.max(1, Math.round(seconds * NS_PER_S)))
}

function spreadOf(histogram: RecordableHistogram): Spread | undefined {
  if (histogram.count === 0) return undefined
  const [p50S, p99S] = [histogram.percentile(50) / NS_PER_S, histogram.percentile(99) / NS_PER_S]
  return { p50S, p99S, maxS: histogram.max / NS_PER_S }
}
