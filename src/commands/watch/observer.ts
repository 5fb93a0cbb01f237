import { localClock } from '../../clock.js'
import type { Window } from '../../ring/window.js'
import type { StreamWatcher, WatcherStats } from '../../stream-watcher.js'
import type { WatcherState } from '../../workers/watcher-board.js'

/** What a watched stream does, over the time since the last report. */
export interface Report {
  readonly name: string
  readonly state: WatcherState
  readonly stats: WatcherStats
  /** From the newest stamp of a chunk to this thread, seconds, clock offset included; undefined when nothing arrived. */
  readonly latency: { readonly p50S: number; readonly maxS: number } | undefined
  /** The newest value of each channel; undefined before the first frame. */
  readonly values: readonly (number | string)[] | undefined
}

/** Adds up what arrives on a watched stream between two reports. */
export class Observer {
  readonly #watcher: StreamWatcher
  #latencies: number[] = []
  #newest: Report['values']

  constructor(watcher: StreamWatcher) {
    this.#watcher = watcher
  }

  /** Notes a window that has just arrived. */
  note({ data, times, frames, channels }: Window): void {
    const offsetS = this.#watcher.stats.timeCorrection?.offsetS ?? 0
    this.#latencies.push(localClock() - ((times[frames - 1] ?? 0) + offsetS))
    this.#newest = Array.isArray(data) ? data[frames - 1] : numbers(data.subarray((frames - 1) * channels))
  }

  /** What happened since the last report. */
  report(): Report {
    const sorted = this.#latencies.sort((a, b) => a - b)
    this.#latencies = []
    const p50S = sorted[sorted.length >> 1]
    const maxS = sorted.at(-1)
    const { name, state, stats } = this.#watcher
    const latency = p50S === undefined || maxS === undefined ? undefined : { p50S, maxS }
    return { name, state, stats, latency, values: this.#newest }
  }
}

/** Values as JSON can hold them: int64 beyond the exact numbers become text. */
function numbers(values: ArrayLike<number | bigint>): (number | string)[] {
  return Array.from(values, value =>
    typeof value === 'number' || Number.isSafeInteger(Number(value)) ? Number(value) : String(value),
  )
}
