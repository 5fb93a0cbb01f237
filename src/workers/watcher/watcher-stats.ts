import { localClock } from '../../clock.js'
import type { TimeCorrection } from '../../lsl/engine.js'
import { FOREIGN_CLOCKS } from './foreign-clock.js'
import type { ForeignClock } from './foreign-clock.js'
import type { Connected } from './watcher-api.js'
import type { WatcherFigures, WatcherState } from './watcher-board.js'

/** What a watcher has seen so far. Figures of one moment. */
export interface WatcherStats {
  /** Samples that arrived since connecting. */
  readonly frames: number
  /** Samples per second over the last second or so, by this machine's clock and by the stamps; 0 while nothing comes. */
  readonly rateByClock: number
  readonly rateByStamps: number
  /** Samples missing because the inlet's queue overflowed: counted by builtin; guessed from the stamps on liblsl. */
  readonly lost: number
  readonly overflows: number
  /**
   * Steps between two stamps of a regular stream that are longer than 1.5 periods, and the samples that would fill them. A step
   * that later samples make up for, because they were late and not missing, is taken back.
   */
  readonly gaps: number
  readonly gapFrames: number
  /** Samples that this watcher's readers miss because the ring overtook them. */
  readonly lapped: number
  readonly pulls: number
  /** Seconds since the last sample arrived; Infinity before the first. */
  readonly ageS: number
  /** How often the stream was lost and found again. */
  readonly reconnections: number
  /** Undefined until it was measured. */
  readonly timeCorrection: TimeCorrection | undefined
  /** What the stamps are instead of LSL clock seconds, a frequent fault of senders; undefined when they are. */
  readonly foreignClock: ForeignClock | undefined
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
  state: WatcherState,
  seen: Pick<WatcherStats, 'frames' | 'lapped'>,
): WatcherStats {
  const { arrivalS, offsetS, uncertaintyS, foreignClock, ...counts } = figures
  return {
    ...counts,
    ...seen,
    // A rate of the past is none: nothing comes.
    ...(state === 'connected' ? {} : { rateByClock: 0, rateByStamps: 0 }),
    ageS: arrivalS === 0 ? Infinity : localClock() - arrivalS,
    timeCorrection: Number.isNaN(offsetS) ? undefined : { offsetS, uncertaintyS },
    foreignClock: FOREIGN_CLOCKS[foreignClock - 1],
    engine,
    libraryVersion,
  }
}
