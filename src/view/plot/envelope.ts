import type { Window, WindowData } from '../../ring/window.js'
import type { NumericFormat } from '../../channel-format.js'
import type { SampleArray } from '../../channel-format.js'
import { DisplayFilter } from './display-filter.js'
import { envelopeFrame } from '../wire/frames.js'

/** Columns kept for viewers that fall behind. */
const KEPT_COLUMNS = 2048
/** Columns in one frame at most. */
const MOST_COLUMNS = 512
/** The time constant of the rms figure, seconds. */
const RMS_S = 1
/** A step of the stamps longer than so many periods is a gap. */
const GAP_PERIODS = 1.5

/** What an envelope shows of its stream. */
export interface EnvelopeSpec {
  readonly channels: number
  readonly srate: number
  readonly format: NumericFormat
  /** Frames in a column. */
  readonly binFrames: number
  readonly highPass: number
  readonly lowPass: number
  readonly reference: 'none' | 'average'
}

/**
 * Minimum and maximum of each channel for each pixel column of a stream: computed once and read by any number of viewers.
 * A column ends at a gap, so that no column reaches over one. Main thread; the work is bounded by the samples that come.
 */
export class Envelope {
  readonly spec: EnvelopeSpec
  readonly #filter: DisplayFilter
  readonly #stamps = new Float64Array(2 * KEPT_COLUMNS)
  readonly #missing = new Float32Array(KEPT_COLUMNS)
  readonly #pairs: Float32Array
  readonly #power: Float64Array
  readonly #rms: Float32Array
  #written = 0
  /** Frames in the column that is open. */
  #open = 0
  #lastStamp = NaN
  #missingBefore = 0

  constructor(spec: EnvelopeSpec) {
    this.spec = spec
    this.#filter = new DisplayFilter(spec.channels, spec.srate, spec.highPass, spec.lowPass)
    this.#pairs = new Float32Array(2 * spec.channels * KEPT_COLUMNS)
    this.#power = new Float64Array(spec.channels)
    this.#rms = new Float32Array(spec.channels)
  }

  /** Columns that are complete: the absolute index of the next one. */
  get written(): number {
    return this.#written
  }

  /** Takes the next frames; `offsetS` puts their stamps on this machine's clock; `lost` are those that the view was too slow for. */
  append(
    { data, times, frames }: Pick<Window<WindowData>, 'data' | 'times' | 'frames'>,
    offsetS: number,
    lost: number,
  ): void {
    const { srate, binFrames, channels } = this.spec
    const periodS = 1 / srate
    if (lost > 0) {
      this.#gap(-lost)
      this.#lastStamp = NaN
    }
    for (let frame = 0; frame < frames; frame++) {
      const stamp = (times[frame] as number) + offsetS
      const step = stamp - this.#lastStamp
      // A step back, as after a clock that was reset, ends the column too; nothing is missing there.
      if (step > GAP_PERIODS * periodS) this.#gap(Math.round(step * srate) - 1)
      else if (step < 0) this.#gap(0)
      this.#lastStamp = stamp
      const slot = this.#written % KEPT_COLUMNS
      if (this.#open === 0) {
        this.#pairs.fill(NaN, 2 * channels * slot, 2 * channels * (slot + 1))
        this.#stamps[2 * slot] = stamp
        this.#missing[slot] = this.#missingBefore
        this.#missingBefore = 0
      }
      this.#stamps[2 * slot + 1] = stamp
      this.#take(data as SampleArray, frame * channels, 2 * channels * slot)
      this.#open++
      if (this.#open >= binFrames) this.#endColumn()
    }
  }

  /** One frame into the open column. */
  #take(data: SampleArray, from: number, to: number): void {
    const { channels, srate, reference } = this.spec
    const pairs = this.#pairs
    const filter = this.#filter
    const isFiltered = !filter.isNone
    const mean = reference === 'average' ? averageOf(data, from, channels) : 0
    const forget = 1 / (RMS_S * srate)
    for (let channel = 0; channel < channels; channel++) {
      let value = Number(data[from + channel]) - mean
      if (isFiltered) value = filter.next(channel, value)
      if (value !== value) continue
      const at = to + 2 * channel
      // The negated comparison is also true for the NaN of a new column, which is replaced.
      if (!(value >= (pairs[at] as number))) pairs[at] = value
      if (!(value <= (pairs[at + 1] as number))) pairs[at + 1] = value
      this.#power[channel] = (this.#power[channel] as number) * (1 - forget) + value * value * forget
    }
  }

  #gap(missing: number): void {
    if (this.#open > 0) this.#endColumn()
    this.#missingBefore += missing
    if (missing !== 0) this.#filter.reset()
  }

  #endColumn(): void {
    this.#open = 0
    this.#written++
  }

  /**
   * The columns from `cursor` on as one frame of the wire, and the cursor behind them; undefined where there are none. What
   * is no longer kept counts as missed.
   */
  frame(
    id: number,
    cursor: number,
  ): { readonly buffer: ArrayBuffer; readonly next: number; readonly missed: number } | undefined {
    const oldest = Math.max(0, this.#written - KEPT_COLUMNS + 1)
    const first = Math.max(cursor, oldest)
    const count = Math.min(this.#written - first, MOST_COLUMNS)
    if (count <= 0) return undefined
    const { channels } = this.spec
    const missed = first - cursor
    const frame = envelopeFrame({ id, channels, count, missed, first })
    for (let column = 0; column < count; column++) {
      const slot = (first + column) % KEPT_COLUMNS
      frame.stamps.set(this.#stamps.subarray(2 * slot, 2 * slot + 2), 2 * column)
      frame.missing[column] = this.#missing[slot] as number
      frame.pairs.set(this.#pairs.subarray(2 * channels * slot, 2 * channels * (slot + 1)), 2 * channels * column)
    }
    for (let channel = 0; channel < channels; channel++) this.#rms[channel] = Math.sqrt(this.#power[channel] as number)
    frame.rms.set(this.#rms)
    return { buffer: frame.buffer, next: first + count, missed }
  }
}

function averageOf(data: SampleArray, from: number, channels: number): number {
  let sum = 0
  let count = 0
  for (let channel = 0; channel < channels; channel++) {
    const value = Number(data[from + channel])
    if (value !== value) continue
    sum += value
    count++
  }
  return count === 0 ? 0 : sum / count
}
