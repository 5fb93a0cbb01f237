import { localClock } from '../clock.js'
import type { TimeCorrection } from '../lsl/engine.js'
import type { Connected } from './watcher-api.js'
import type { WatcherFigures } from './watcher-board.js'

/** What a watcher has seen so far. Figures of one moment. */
export interface WatcherStats {
  /** Frames that arrived since connecting. */
  readonly frames: number
  /** Frames per second over the last second or so, by this machine's clock and by the stamps. */
  readonly rateByClock: number
  readonly rateByStamps: number
  /** Frames known to be lost between the network and the ring: the inlet's queue overflowed. */
  readonly lost: number
  readonly overflows: number
  /** Steps between two stamps of a regular stream that are longer than 1.5 periods, and the frames that would fill them. */
  readonly gaps: number
  readonly gapFrames: number
  /** Frames this watcher's readers lost because the ring overtook them. */
  readonly lapped: number
  readonly pulls: number
  /** Seconds since the last frame arrived; Infinity before the first. */
  readonly ageS: number
  /** How often the stream was lost and found again. */
  readonly epoch: number
  /** Undefined until it was measured. */
  readonly timeCorrection: TimeCorrection | undefined
  readonly engine: string
  readonly libraryVersion: string
}

/**
 * The figures as the watcher's owner sees them. Frames are those of the ring: the worker's own count follows it by a
 * moment, in which a reader is already awake.
 */
export function watcherStats(
  figures: WatcherFigures,
  { engine, libraryVersion }: Connected,
  seen: Pick<WatcherStats, 'frames' | 'lapped'>,
): WatcherStats {
  const { arrivalS, offsetS, uncertaintyS, ...counts } = figures
  return {
    ...counts,
    ...seen,
    ageS: arrivalS === 0 ? Infinity : localClock() - arrivalS,
    timeCorrection: Number.isNaN(offsetS) ? undefined : { offsetS, uncertaintyS },
    engine,
    libraryVersion,
  }
}
