import type { EnvelopeFrame } from '../../wire/frames.js'

/** Values kept for looking back: 32 MiB of them at most. */
const MOST_VALUES = 8 * 1024 * 1024
const MOST_COLUMNS = 16_384

/** The columns of a panel, the newest of them: what is drawn and what one can look back at. */
export class Columns {
  readonly channels: number
  readonly capacity: number
  /** How many have come. */
  written = 0
  readonly #first: Float64Array
  readonly #last: Float64Array
  readonly #missing: Float32Array
  readonly pairs: Float32Array

  constructor(channels: number) {
    this.channels = channels
    this.capacity = Math.max(512, Math.min(MOST_COLUMNS, Math.floor(MOST_VALUES / (2 * channels))))
    this.#first = new Float64Array(this.capacity)
    this.#last = new Float64Array(this.capacity)
    this.#missing = new Float32Array(this.capacity)
    this.pairs = new Float32Array(2 * channels * this.capacity)
  }

  get oldest(): number {
    return Math.max(0, this.written - this.capacity)
  }

  /** Stamp of the newest frame; NaN before the first. */
  get newest(): number {
    return this.written === 0 ? NaN : this.lastOf(this.written - 1)
  }

  append({ count, missed, stamps, missing, pairs }: EnvelopeFrame): void {
    const width = 2 * this.channels
    for (let column = 0; column < count; column++) {
      const slot = this.written % this.capacity
      this.#first[slot] = stamps[2 * column] ?? NaN
      this.#last[slot] = stamps[2 * column + 1] ?? NaN
      // Columns that the page was too slow for are not missing from the stream: drawn apart.
      this.#missing[slot] = column === 0 && missed > 0 ? -1 : (missing[column] ?? 0)
      this.pairs.set(pairs.subarray(width * column, width * (column + 1)), width * slot)
      this.written++
    }
  }

  firstOf(index: number): number {
    return this.#first[index % this.capacity] ?? NaN
  }

  lastOf(index: number): number {
    return this.#last[index % this.capacity] ?? NaN
  }

  missingBefore(index: number): number {
    return this.#missing[index % this.capacity] ?? 0
  }

  /** Where the minimum of the first channel of a column stands in `pairs`. */
  at(index: number): number {
    return (index % this.capacity) * 2 * this.channels
  }

  /** The first column that ends at or after `stamp`. */
  find(stamp: number): number {
    let low = this.oldest
    let high = this.written
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.lastOf(middle) < stamp) low = middle + 1
      else high = middle
    }
    return low
  }
}
