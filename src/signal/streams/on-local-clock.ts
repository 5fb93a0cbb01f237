import { hostname } from 'node:os'
import type { RingHandle } from '../../ring/allocate-ring.js'
import { RingReader } from '../../ring/ring-reader.js'
import { ClockHistory } from './clock-history.js'
import type { ClockMeasurement } from './clock-history.js'
import { handleOf } from './source.js'
import type { StreamSource } from './source.js'

/** Moves the stamps of one stream to the LSL clock of this machine. One thread. */
export class LocalClock {
  readonly #reader: RingReader | undefined
  #history = new ClockHistory([])
  #seen = 0

  constructor({ clock, stream }: RingHandle) {
    // On this machine there is one LSL clock: what would be measured is the error of the measurement.
    if (clock !== undefined && stream?.hostname !== hostname()) this.#reader = RingReader.attach(clock)
  }

  /** Writes `times` as of this machine's clock into `output`, which may be `times`, and answers it. */
  move<Output extends Float64Array>(times: Float64Array, output: Output): Output {
    this.#update()
    for (let i = 0; i < times.length; i++) {
      const stamp = times[i] ?? NaN
      output[i] = this.#reader === undefined ? stamp : stamp + this.#history.offsetAt(stamp)
    }
    return output
  }

  #update(): void {
    const reader = this.#reader
    if (reader === undefined || reader.written() === this.#seen) return
    this.#seen = reader.written()
    const { data, times } = reader.snapshot(Math.min(reader.frames, this.#seen))
    const offsets = data as Float64Array
    this.#history = new ClockHistory(
      Array.from(times, (at, i): ClockMeasurement => ({ at, offsetS: offsets[2 * i] ?? 0 })),
    )
  }
}

/** By the memory of the offsets, which is the same however often a watcher is shared. */
const clocks = new WeakMap<SharedArrayBuffer, LocalClock>()

/**
 * Stamps of a stream as the LSL clock of this machine shows them: corrected by the offsets that its watcher has measured,
 * those of the time of each stamp and not only the last. Stamps of a stream of this machine are what they were. The result is
 * `output`, which may be `times`; default a new array. Any thread; give a watcher, or in a job one of its rings.
 */
export function onLocalClock(
  times: Float64Array,
  source: StreamSource,
  output: Float64Array = new Float64Array(times.length),
): Float64Array {
  const handle = handleOf(source)
  let clock = clocks.get(handle.control)
  if (clock === undefined) clocks.set(handle.control, (clock = new LocalClock(handle)))
  return clock.move(times, output)
}
