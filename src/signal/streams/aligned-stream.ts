import { allocateSamples } from '../../channel-format.js'
import type { SampleArray } from '../../channel-format.js'
import { localClock } from '../../clock.js'
import { RingReader } from '../../ring/ring-reader.js'
import { LocalClock } from './on-local-clock.js'
import { handleOf, nameOf } from './source.js'
import type { StreamSource } from './source.js'
import { TimedFrames } from './timed-frames.js'

/** One of the streams that are put on one timeline: what has come of it, on the LSL clock of this machine. */
export class AlignedStream {
  readonly name: string
  readonly reader: RingReader
  /** Undefined for strings. */
  readonly frames: TimedFrames | undefined
  /** When it last delivered, local clock. */
  arrivedS: number = localClock()
  /** What comes next is earlier than what has come: its clock was set back. */
  isSetBack = false
  readonly #clock: LocalClock
  readonly #into: SampleArray | undefined
  /** When the first of what there is came. */
  #begunS = NaN
  #wasSetBack = false

  constructor(source: StreamSource) {
    const handle = handleOf(source)
    this.name = nameOf(handle)
    this.reader = RingReader.attach(handle)
    this.reader.cursor = 0
    this.#clock = new LocalClock(handle)
    const { format, channels, frames } = this.reader
    if (format === 'string') return
    this.frames = new TimedFrames(channels)
    this.#into = allocateSamples(format, frames * channels)
  }

  get newestS(): number {
    return this.frames?.newestS ?? NaN
  }

  get oldestS(): number {
    return this.frames?.oldestS ?? NaN
  }

  timeFrom(timeS: number): number {
    return this.frames?.timeFrom(timeS) ?? NaN
  }

  /** Whether it is not waited for: it has sent nothing for so long, or its clock was set back and lies so far behind. */
  isLate(nowS: number, maxLatenessS: number, newestOfAllS: number): boolean {
    if (this.reader.closed || nowS - this.arrivedS > maxLatenessS) return true
    return this.#wasSetBack && this.newestS < newestOfAllS - maxLatenessS
  }

  /** Whether it has only sent what lies ahead of `horizonS`, and for so long that no other will come there. */
  isApart(nowS: number, maxLatenessS: number, horizonS: number): boolean {
    return this.oldestS > horizonS && nowS - this.#begunS > maxLatenessS
  }

  /** Takes all that is new, up to where the clock was set back; `each` gets its local times and, of strings, its rows. */
  takeNew(each: (times: Float64Array, rows: string[][] | undefined) => void): void {
    const { reader, frames } = this
    if (this.isSetBack) {
      frames?.clear()
      this.isSetBack = false
      this.#wasSetBack = true
      this.#begunS = NaN
    }
    while (!this.isSetBack) {
      const window = this.#into === undefined ? reader.takeNew() : reader.takeNew({ into: this.#into })
      if (window.frames === 0) return
      this.arrivedS = localClock()
      if (Number.isNaN(this.#begunS)) this.#begunS = this.arrivedS
      const times = this.#clock.move(window.times, new Float64Array(window.frames))
      if (Array.isArray(window.data)) {
        each(times, window.data)
        continue
      }
      const taken = frames?.push(window.data, times) ?? 0
      each(times.subarray(0, taken), undefined)
      if (taken === times.length) continue
      reader.cursor = window.start + taken
      this.isSetBack = true
    }
  }
}
