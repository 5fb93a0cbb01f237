import { localClock } from '../../clock.js'
import type { Window, WindowData } from '../../ring/window.js'
import type { StreamWatcher } from '../../stream-watcher.js'
import type { WatcherStats } from '../../workers/watcher/watcher-stats.js'
import type { WatcherState } from '../../workers/watcher/watcher-board.js'

/** From the newest stamp of a chunk to this thread, seconds, clock offset included. */
export interface Latency {
  readonly p50S: number
  readonly maxS: number
  /** How far the clock offset may be wrong, either way. */
  readonly uncertaintyS: number
}

/** What a watched stream does, over the time since the last report. */
export interface Report {
  readonly name: string
  readonly state: WatcherState
  readonly stats: WatcherStats
  /** Undefined when nothing arrived. */
  readonly latency: Latency | undefined
  /** How many samples would have come since the stream fell silent, by its nominal rate: none has arrived yet. */
  readonly silentSamples: number
  /** The newest value of each channel; undefined before the first frame. */
  readonly values: readonly (number | string)[] | undefined
}

/** Adds up what arrives on a watched stream between two reports. */
export class Observer {
  readonly #watcher: StreamWatcher<WindowData>
  #latencies: number[] = []
  #newest: Report['values']

  constructor(watcher: StreamWatcher<WindowData>) {
    this.#watcher = watcher
  }

  /** Notes a window that has just arrived. */
  note({ data, times, frames, channels }: Window<WindowData>): void {
    const offsetS = this.#watcher.stats.timeCorrection?.offsetS ?? 0
    const latency = localClock() - ((times[frames - 1] ?? NaN) + offsetS)
    if (Number.isFinite(latency)) this.#latencies.push(latency)
    this.#newest = Array.isArray(data) ? data[frames - 1] : numbers(data.subarray((frames - 1) * channels))
  }

  /** What happened since the last report. */
  report(): Report {
    const sorted = this.#latencies.sort((a, b) => a - b)
    this.#latencies = []
    const p50S = sorted[sorted.length >> 1]
    const maxS = sorted.at(-1)
    const { name, state, stats } = this.#watcher
    const uncertaintyS = stats.timeCorrection?.uncertaintyS ?? 0
    const latency = p50S === undefined || maxS === undefined ? undefined : { p50S, maxS, uncertaintyS }
    return { name, state, stats, latency, silentSamples: this.#silentSamples(), values: this.#newest }
  }

  #silentSamples(): number {
    const { state, stats, info } = this.#watcher
    const isSilent = (state === 'lost' || state === 'stalled') && Number.isFinite(stats.ageS)
    return isSilent ? Math.round(stats.ageS * info.nominalSrate) : 0
  }
}

/** Values as JSON can hold them: int64 beyond the exact numbers become text. */
function numbers(values: ArrayLike<number | bigint>): (number | string)[] {
  return Array.from(values, value =>
    typeof value === 'number' || Number.isSafeInteger(Number(value)) ? Number(value) : String(value),
  )
}
