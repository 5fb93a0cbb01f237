import { createHistogram } from 'node:perf_hooks'
import { localClock } from '../../clock.js'
import type { WindowData } from '../../ring/window.js'
import type { StreamWatcher } from '../../stream-watcher.js'

const US_PER_S = 1e6
const US_PER_MS = 1e3

/** What the main thread receives of one stream, counted, and how old the newest frame of each window was. */
export class StreamTally {
  readonly watcher: StreamWatcher<WindowData>
  frames = 0
  lost = 0
  /** The newest string of a marker stream. */
  newest = ''
  readonly #latencyUs = createHistogram()

  constructor(watcher: StreamWatcher<WindowData>) {
    this.watcher = watcher
  }

  /** Takes every window until the watcher is disconnected. */
  async run(): Promise<void> {
    for await (const { data, times, frames, lost } of this.watcher.windows()) {
      const latencyS = localClock() - (times[frames - 1] ?? 0)
      this.#latencyUs.record(Math.max(1, Math.round(latencyS * US_PER_S)))
      this.frames += frames
      this.lost += lost
      if (Array.isArray(data)) this.newest = data.at(-1)?.join(' ') ?? ''
    }
  }

  /** Milliseconds from push to main thread. */
  latencyMs(percentile: number): number {
    return this.#latencyUs.percentile(percentile) / US_PER_MS
  }
}
