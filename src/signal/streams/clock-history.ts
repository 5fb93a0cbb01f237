import { list, object } from '../../check.js'

/** One measurement of how far a stream's clock is from this machine's. */
export interface ClockMeasurement {
  /** LSL clock of this machine at the measurement, seconds. */
  readonly at: number
  /** Seconds to add to a stamp of the stream. */
  readonly offsetS: number
}

/** A larger step between two measurements is no drift: the sender's clock was set or its machine started again. */
const RESET_S = 1

/** Measurements between which the clock was not reset: where they begin and end in the list, and on the stream's clock. */
interface Run {
  readonly first: number
  readonly last: number
  readonly fromS: number
  readonly toS: number
}

/**
 * The offsets of one stream over time: straight lines from one measurement to the next, level before the first and after the last.
 * Where the sender's clock was reset, each stamp is taken for one of the run of measurements nearest to it.
 */
export class ClockHistory {
  readonly #measurements: readonly ClockMeasurement[]
  readonly #runs: readonly Run[]

  /** `measurements` oldest first. */
  constructor(measurements: readonly ClockMeasurement[]) {
    list(object)('measurements', measurements)
    this.#measurements = measurements
    this.#runs = runsOf(measurements)
  }

  /** Seconds to add to `stamp`; 0 when nothing was measured. */
  offsetAt(stamp: number): number {
    const run = this.#nearestRun(stamp)
    if (run === undefined) return 0
    // The last measurement at or before the stamp, within the run.
    let low = run.first
    let high = run.last
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#remoteS(middle) <= stamp) low = middle
      else high = middle - 1
    }
    const before = this.#measurements[low]
    const after = this.#measurements[low + 1]
    if (before === undefined) return 0
    const fromS = before.at - before.offsetS
    if (after === undefined || low === run.last || stamp <= fromS) return before.offsetS
    const toS = after.at - after.offsetS
    return before.offsetS + ((after.offsetS - before.offsetS) * (stamp - fromS)) / (toS - fromS)
  }

  #remoteS(index: number): number {
    const { at = 0, offsetS = 0 } = this.#measurements[index] ?? {}
    return at - offsetS
  }

  #nearestRun(stamp: number): Run | undefined {
    let nearest: Run | undefined
    let least = Infinity
    for (const run of this.#runs) {
      const apart = Math.max(0, run.fromS - stamp, stamp - run.toS)
      // Where two runs are equally near, the later one is taken.
      if (apart <= least) {
        least = apart
        nearest = run
      }
    }
    return nearest
  }
}

function runsOf(measurements: readonly ClockMeasurement[]): Run[] {
  const runs: Run[] = []
  let first = 0
  measurements.forEach(({ at, offsetS }, i) => {
    const next = measurements[i + 1]
    if (next !== undefined && Math.abs(next.offsetS - offsetS) < RESET_S) return
    const { at: startAt = at, offsetS: startOffsetS = offsetS } = measurements[first] ?? {}
    runs.push({ first, last: i, fromS: startAt - startOffsetS, toS: at - offsetS })
    first = i + 1
  })
  return runs
}
