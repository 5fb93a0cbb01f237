import type { SampleArray } from '../../channel-format.js'

/** A value between two samples: on the line through both, that of the one before, or that of the nearer one. */
export type AlignMethod = 'linear' | 'previous' | 'nearest'

/** A step back of the times that is larger is no jitter: the sender's clock was set, or another sender goes on. */
const RESET_S = 1
/** So long nothing may have come of a stream for its values to be told from those before and after. */
export const LONGEST_BRIDGED_S = 60

/** Frames of one stream that are still needed, with their times: a queue that is looked into by time. */
export class TimedFrames {
  readonly channels: number
  #data = new Float64Array(0)
  #times = new Float64Array(0)
  #first = 0
  #end = 0

  constructor(channels: number) {
    this.channels = channels
  }

  /** The time of the newest frame, -Infinity before the first. */
  get newestS(): number {
    return this.#end === this.#first ? -Infinity : (this.#times[this.#end - 1] ?? NaN)
  }

  /** The time of the oldest frame, Infinity before the first. */
  get oldestS(): number {
    return this.#end === this.#first ? Infinity : (this.#times[this.#first] ?? NaN)
  }

  /**
   * Adds frames up to where the times step back; answers how many these are. The rest belongs behind a {@link TimedFrames.clear}. A
   * frame whose time is no number has no place among the others, and is left out.
   */
  push(data: SampleArray, times: Float64Array): number {
    this.#makeRoom(times.length)
    const { channels } = this
    for (let frame = 0; frame < times.length; frame++) {
      const time = times[frame] ?? NaN
      if (!Number.isFinite(time)) continue
      if (time < this.newestS - RESET_S) return frame
      for (let channel = 0; channel < channels; channel++)
        this.#data[this.#end * channels + channel] = Number(data[frame * channels + channel])
      this.#times[this.#end++] = time
    }
    return times.length
  }

  clear(): void {
    this.#first = this.#end
  }

  /** The time of the first frame at or after `timeS`, Infinity if there is none. */
  timeFrom(timeS: number): number {
    const last = this.#lastBefore(timeS)
    if (last >= this.#first && this.#times[last] === timeS) return timeS
    return last + 1 < this.#end ? (this.#times[last + 1] ?? NaN) : Infinity
  }

  /** Forgets what no time from `timeS` on needs: all but the last frame before it. */
  forgetBefore(timeS: number): void {
    while (this.#first + 1 < this.#end && (this.#times[this.#first + 1] ?? NaN) <= timeS) this.#first++
  }

  /** The values at `timeS`, NaN where there is nothing to tell them from, as a row of `output` at `at`. */
  write(timeS: number, method: AlignMethod, output: Float64Array, at: number): void {
    const low = this.#lastBefore(timeS)
    const beforeS = this.#times[low] ?? NaN
    const afterS = this.#times[low + 1] ?? NaN
    const hasBefore = low >= this.#first
    const hasAfter = low + 1 < this.#end && !(hasBefore && afterS - beforeS > LONGEST_BRIDGED_S)
    const share = hasBefore && hasAfter ? (timeS - beforeS) / (afterS - beforeS) : hasBefore ? 0 : 1
    for (let channel = 0; channel < this.channels; channel++) {
      const before = hasBefore ? (this.#data[low * this.channels + channel] ?? NaN) : NaN
      const after = hasAfter ? (this.#data[(low + 1) * this.channels + channel] ?? NaN) : NaN
      let value = before
      if (hasBefore && beforeS === timeS) value = before
      else if (method === 'linear') value = before + (after - before) * share
      else if (method === 'nearest') value = share < 0.5 ? before : after
      output[at + channel] = value
    }
  }

  /** The last frame at or before `timeS`; one before the first if there is none. */
  #lastBefore(timeS: number): number {
    let low = this.#first - 1
    let high = this.#end - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#times[middle] ?? NaN) <= timeS) low = middle
      else high = middle - 1
    }
    return low
  }

  #makeRoom(frames: number): void {
    if (this.#end + frames <= this.#times.length) return
    const kept = this.#end - this.#first
    const capacity = Math.max(2 * (kept + frames), 256)
    const data = new Float64Array(capacity * this.channels)
    const times = new Float64Array(capacity)
    data.set(this.#data.subarray(this.#first * this.channels, this.#end * this.channels))
    times.set(this.#times.subarray(this.#first, this.#end))
    this.#data = data
    this.#times = times
    this.#first = 0
    this.#end = kept
  }
}
