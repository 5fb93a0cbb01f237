import type { SampleArray } from '../../channel-format.js'
import type { RingHandle } from '../../ring/allocate-ring.js'
import { RingReader } from '../../ring/ring-reader.js'
import { LocalClock } from './on-local-clock.js'

/** Frames copied out of a ring, with their stamps on this machine's clock. */
export interface CopiedFrames {
  readonly data: SampleArray
  readonly times: Float64Array
  readonly start: number
  readonly frames: number
}

/** The newest window of a numeric ring, looked at by time. */
export class SignalFrames {
  readonly reader: RingReader<SampleArray>
  readonly #clock: LocalClock
  readonly #stamps = new Float64Array(1)

  constructor(handle: RingHandle) {
    this.reader = RingReader.attach<SampleArray>(handle)
    this.#clock = new LocalClock(handle)
  }

  /** Absolute index of the oldest frame that can still be copied. */
  get oldest(): number {
    return Math.max(0, this.reader.written() - this.reader.frames)
  }

  /**
   * The stamp of frame `index`, which must be in the window, on this machine's clock. Of a frame whose stamp is no number that of the
   * last one before it that is; NaN if there is none.
   */
  timeOf(index: number): number {
    for (let at = index; at >= this.oldest; at--) {
      this.#stamps[0] = this.reader.window(at + 1, 1).times[0] ?? NaN
      const time = this.#clock.move(this.#stamps, this.#stamps)[0] ?? NaN
      if (Number.isFinite(time)) return time
    }
    return NaN
  }

  /** Absolute index of the first frame of the window that is at `time` or later; written() if there is none. */
  indexAt(time: number): number {
    let low = this.oldest
    let high = this.reader.written()
    while (low < high) {
      const middle = (low + high) >> 1
      // One that is not known is before: the search goes on among the others.
      if (this.timeOf(middle) >= time) high = middle
      else low = middle + 1
    }
    return low
  }

  /** A validated copy of the frames from `from` to before `to`, less those that are overwritten: the newest of them stay. */
  copy(from: number, to: number): CopiedFrames {
    for (;;) {
      const start = Math.min(to, Math.max(from, this.oldest))
      const window = this.reader.window(to, to - start)
      const data = window.data.slice()
      const times = this.#clock.move(window.times, new Float64Array(window.frames))
      if (window.isIntact()) return { data, times, start, frames: to - start }
      // What was overwritten while it was copied is out of the window by now.
      from = Math.max(start + 1, this.oldest)
    }
  }
}
