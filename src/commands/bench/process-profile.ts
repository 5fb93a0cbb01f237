import { monitorEventLoopDelay } from 'node:perf_hooks'
import { localClock } from '../../clock.js'
import type { Spread } from './stream-profile.js'

const LOOK_EVERY_MS = 10
const NS_PER_S = 1e9

/** What the process did while it watched: all of its threads together. */
export interface ProcessFigures {
  /** Of one core: 1 is a core that is busy all the time. */
  readonly cpuShare: number
  /** How late the main thread's event loop gets to a timer that is due. */
  readonly eventLoopDelay: Spread
}

/** Measures this process from now on. Close it, or its timer goes on. */
export class ProcessProfile implements Disposable {
  readonly #delay = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS })
  readonly #cpu = process.cpuUsage()
  readonly #beginS = localClock()

  constructor() {
    this.#delay.enable()
  }

  figures(): ProcessFigures {
    const { user, system } = process.cpuUsage(this.#cpu)
    // The histogram holds the time between two looks, so what it should have been is taken off.
    const late = (ns: number): number => Math.max(0, ns / NS_PER_S - LOOK_EVERY_MS / 1000)
    const { max } = this.#delay
    return {
      cpuShare: ((user + system) * 1e-6) / (localClock() - this.#beginS),
      eventLoopDelay: {
        p50S: late(this.#delay.percentile(50)),
        p99S: late(this.#delay.percentile(99)),
        maxS: late(max),
      },
    }
  }

  [Symbol.dispose](): void {
    this.#delay.disable()
  }
}
