import { abortSignal, amount, fields, mustBe, options, required, seconds } from '../../check.js'
import { localClock } from '../../clock.js'
import { RingReader } from '../../ring/ring-reader.js'
import type { WindowData } from '../../ring/window.js'
import { rejection, withBaseline } from './epoch.js'
import type { Epoch, RejectLimits } from './epoch.js'
import { LocalClock } from './on-local-clock.js'
import { SignalFrames } from './signal-frames.js'
import { handleOf, nameOf } from './source.js'
import type { StreamSource } from './source.js'

/** Which markers: a value of the first channel, a pattern for it, or a question about all channels. */
export type MarkerMatch = string | number | RegExp | ((row: readonly (string | number)[]) => boolean)

/** Which part around which markers is cut, and what is done with it. */
export interface EpochsOptions {
  /** From so many seconds relative to the marker: below 0 is before it. */
  readonly tmin: number
  /** To so many seconds relative to the marker, excluded. */
  readonly tmax: number
  /** Default: every marker. */
  readonly match?: MarkerMatch
  /** Takes the mean of this part, seconds relative to the marker, off each channel. Default: nothing. */
  readonly baseline?: readonly [fromS: number, toS: number]
  /** Marks epochs beyond these limits with `rejectedBy`. They are emitted all the same. */
  readonly reject?: RejectLimits
  /** How long to wait for the last sample after it was due. Default 2 s. */
  readonly maxLatenessS?: number
  readonly signal?: AbortSignal
}

/** Every marker that matched is in exactly one of `emitted`, `tooOld` and `waiting`. */
export interface EpochsStats {
  readonly matched: number
  readonly emitted: number
  /** Emitted without all their samples. */
  readonly incomplete: number
  /** Emitted with `rejectedBy`. */
  readonly rejected: number
  /** Markers whose samples were all overwritten before the marker came: nothing of them could be emitted. */
  readonly tooOld: number
  /** Markers whose samples have not all come. */
  readonly waiting: number
  /** Markers that were overwritten before they were read. */
  readonly lostMarkers: number
}

interface Waiting {
  readonly row: readonly (string | number)[]
  readonly markerTime: number
  /** When to give up waiting, local clock. */
  readonly untilS: number
}

const isMatch = (value: unknown): value is MarkerMatch =>
  ['string', 'number', 'function'].includes(typeof value) || value instanceof RegExp
const finite = mustBe('seconds', (value): value is number => typeof value === 'number', Number.isFinite)
const isPair = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length === 2 && value.every(time => typeof time === 'number')

const checked = options<EpochsOptions>('epochs', 'epochs(signal, markers, { tmin: -0.2, tmax: 0.8 })', {
  tmin: required(finite),
  tmax: required(finite),
  match: mustBe('a string, a number, a pattern or a function', isMatch),
  baseline: mustBe('[fromS, toS]', isPair, ([from = NaN, to = NaN]) => from <= to),
  reject: fields<RejectLimits>({ peakToPeak: amount('a value', { from: 0 }), flat: amount('a value', { from: 0 }) }),
  maxLatenessS: seconds({ from: 0, forever: true }),
  signal: abortSignal,
})

/** The epochs around the markers of one stream in the samples of another. Made by {@link epochs}. */
export class Epochs implements AsyncIterable<Epoch> {
  readonly #signal: SignalFrames
  readonly #markers: RingReader
  readonly #markerClock: LocalClock
  readonly #options: EpochsOptions & { readonly maxLatenessS: number }
  readonly #rate: number
  /** Frames before the first sample at or after the marker, and in an epoch; of a regular signal. */
  readonly #shift: number
  readonly #frames: number
  #waiting: Waiting[] = []
  #counts = { matched: 0, emitted: 0, incomplete: 0, rejected: 0, tooOld: 0, lostMarkers: 0 }

  /** @internal */
  constructor(signal: StreamSource, markers: StreamSource, given: EpochsOptions) {
    const { tmin, tmax } = checked(given)
    if (!(tmin < tmax)) throw new RangeError(`tmax must be above tmin = ${tmin} seconds, got ${tmax}`)
    const signalHandle = handleOf(signal)
    const markerHandle = handleOf(markers)
    this.#options = { maxLatenessS: 2, ...given }
    this.#signal = new SignalFrames(signalHandle)
    this.#markers = RingReader.attach(markerHandle)
    this.#markers.cursor = 0
    this.#markerClock = new LocalClock(markerHandle)
    const { nominalSrate, frames, format } = this.#signal.reader
    if (format === 'string')
      throw new TypeError(`signal must be a stream of numbers, ${nameOf(signalHandle)} is of strings`)
    this.#rate = nominalSrate
    this.#shift = Math.round(tmin * nominalSrate)
    // A little less, because a difference of seconds that is a whole number of samples seldom is one exactly.
    this.#frames = Math.ceil((tmax - tmin) * nominalSrate - 1e-6)
    if (this.#frames > frames) {
      throw new RangeError(
        `tmin and tmax make epochs of ${this.#frames} samples, but the watcher of ${nameOf(signalHandle)} keeps ` +
          `only ${frames}: make its bufferSizeS larger than ${tmax - tmin}`,
      )
    }
  }

  /** Live. */
  get stats(): EpochsStats {
    return { ...this.#counts, waiting: this.#waiting.length }
  }

  /** Each epoch once its last sample has come, or will not come any more; those that are ready together in the order of their markers. Ends when the markers have ended and none waits, or on abort. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Epoch> {
    const { signal } = this.#options
    while (signal?.aborted !== true) {
      // Asked first: what came before the end must not be missed.
      const signalEnded = this.#signal.reader.closed
      const markersEnded = this.#markers.closed
      const seen = this.#signal.reader.written()
      this.#takeMarkers()
      for (const waiting of [...this.#waiting]) {
        // By the same samples for all: those that come meanwhile would let a later marker pass an earlier one.
        const epoch = this.#cut(waiting, seen, signalEnded)
        if (epoch === undefined) continue
        this.#waiting = this.#waiting.filter(each => each !== waiting)
        if (epoch === 'too old') this.#counts.tooOld++
        else yield this.#counted(epoch)
      }
      if (markersEnded && this.#waiting.length === 0) return
      await this.#news(seen, { signalEnded, markersEnded })
    }
  }

  #takeMarkers(): void {
    for (;;) {
      const window = this.#markers.takeNew()
      this.#counts.lostMarkers += window.lost
      if (window.frames === 0) return
      const rows = rowsOf(window.data, window.channels)
      const times = this.#markerClock.move(window.times, new Float64Array(window.frames))
      if (!window.isIntact()) {
        this.#markers.cursor = window.start
        continue
      }
      rows.forEach((row, i) => {
        if (!matches(this.#options.match, row)) return
        this.#counts.matched++
        const markerTime = times[i] ?? NaN
        const now = localClock()
        // A marker may be stamped ahead of its time; one from a replay, or with a foreign clock, is taken as of now.
        const ahead = markerTime > now && markerTime < now + 60 ? markerTime - now : 0
        const untilS = now + ahead + Math.max(0, this.#options.tmax) + this.#options.maxLatenessS
        this.#waiting.push({ row, markerTime, untilS })
      })
    }
  }

  /** The epoch in the first `written` samples, or undefined while samples of it may still come. */
  #cut({ row, markerTime, untilS }: Waiting, written: number, ended: boolean): Epoch | 'too old' | undefined {
    const { tmin, tmax } = this.#options
    const signal = this.#signal
    const first = signal.indexAt(markerTime)
    // Without a rate, and across a gap, time alone decides; else the count of samples from the first one at or after the marker.
    const isCounted = this.#rate > 0
    const half = isCounted ? 0.5 / this.#rate : 0
    const from = isCounted ? first + this.#shift : signal.indexAt(markerTime + tmin)
    const to = isCounted ? from + this.#frames : signal.indexAt(markerTime + tmax)
    const isThere = isCounted
      ? first < written && to <= written
      : written > 0 && signal.timeOf(written - 1) >= markerTime + tmax
    // Samples are missing. Not sooner: a sender that is slower than its nominal rate takes longer for as many samples.
    const patienceS = 4 * half + 0.25 * (tmax - tmin)
    const isPast = written > 0 && signal.timeOf(written - 1) >= markerTime + tmax + patienceS
    const isTime = Number.isFinite(markerTime)
    if (isTime && !isThere && !isPast && !ended && localClock() < untilS) return undefined

    // Around a marker whose stamp is no number there is nothing.
    const end = isTime ? Math.max(0, Math.min(written, to)) : written
    const copied = signal.copy(isTime ? Math.max(0, from) : end, end)
    const { channels } = signal.reader
    let { data, times, start } = copied
    // The period is measured, as senders are seldom at their nominal rate.
    const period = medianStep(times) || 2 * half
    const onset =
      first < written && signal.timeOf(first) - markerTime < 1.5 * period ? signal.timeOf(first) : markerTime
    const dueS = onset + this.#shift * period
    if (isCounted && (hasGap(times, period) || Math.abs((times[0] ?? dueS) - dueS) > 1.5 * period)) {
      // Across a gap, the count of samples would take some from outside the epoch, so they are chosen by their times.
      const fromS = dueS - period / 2
      const kept = within(times, fromS, fromS + this.#frames * period)
      data = data.slice(kept.from * channels, kept.to * channels)
      times = times.slice(kept.from, kept.to)
      start += kept.from
    }
    const frames = times.length
    if (frames === 0 && isTime && from < signal.oldest) return 'too old'
    const { baseline, reject } = this.#options
    const rejectedBy = reject && rejection(data, channels, reject)
    if (baseline) {
      const span = [markerTime + baseline[0] - half, markerTime + baseline[1] + half] as const
      data = withBaseline(data, times, channels, span)
    }
    const lost = isCounted ? this.#frames - frames : NaN
    const isWhole = signal.oldest === 0 || signal.timeOf(signal.oldest) < markerTime + tmin
    const complete = isCounted ? lost === 0 : isThere && isWhole
    const [marker = ''] = row
    return {
      marker,
      row,
      markerTime,
      data,
      times,
      frames,
      channels,
      start,
      complete,
      lost,
      ...(rejectedBy && { rejectedBy }),
    }
  }

  #counted(epoch: Epoch): Epoch {
    this.#counts.emitted++
    if (!epoch.complete) this.#counts.incomplete++
    if (epoch.rejectedBy) this.#counts.rejected++
    return epoch
  }

  /** Until a marker comes, or a sample while one is waited for, or it is time to give up one. */
  async #news(seen: number, ended: { readonly signalEnded: boolean; readonly markersEnded: boolean }): Promise<void> {
    const stop = new AbortController()
    const end = (): void => stop.abort()
    this.#options.signal?.addEventListener('abort', end)
    const soonest = Math.min(Infinity, ...this.#waiting.map(({ untilS }) => untilS))
    const leftMs = Math.max(1, (soonest - localClock()) * 1000)
    const { reader } = this.#signal
    reader.cursor = seen
    const waits: Promise<unknown>[] = []
    if (!ended.markersEnded) waits.push(this.#markers.waitAsync(leftMs, stop.signal))
    // New samples matter only while a marker waits for them.
    if (!ended.signalEnded && this.#waiting.length > 0) waits.push(reader.waitAsync(leftMs, stop.signal))
    await Promise.race(waits)
    end()
    this.#options.signal?.removeEventListener('abort', end)
    await Promise.all(waits)
  }
}

/**
 * Cuts the samples of `signal` around each matching marker of `markers`: an async iterable, and `stats`. Streams of several machines are
 * compared on the clock of this one. Markers that were received before the call, and samples, count as long as they are in
 * memory. Main thread, or a job (give it two of its rings).
 */
export function epochs(signal: StreamSource, markers: StreamSource, options: EpochsOptions): Epochs {
  return new Epochs(signal, markers, options)
}

function matches(match: MarkerMatch | undefined, row: readonly (string | number)[]): boolean {
  if (match === undefined) return true
  if (typeof match === 'function') return match(row)
  const [first = ''] = row
  return match instanceof RegExp ? new RegExp(match).test(String(first)) : first === match
}

function rowsOf(data: WindowData, channels: number): (string | number)[][] {
  if (Array.isArray(data)) return data
  return Array.from({ length: data.length / channels }, (_, frame) =>
    Array.from(data.subarray(frame * channels, (frame + 1) * channels) as ArrayLike<number>, Number),
  )
}

/** The time from one sample to the next, whatever a few of them are; 0 of fewer than two. */
function medianStep(times: Float64Array): number {
  const steps = times.subarray(1).map((time, i) => time - (times[i] ?? time))
  return steps.sort()[steps.length >> 1] ?? 0
}

/** Whether samples are missing in between: a step of more than one and a half periods that the others do not make up for. */
function hasGap(times: Float64Array, period: number): boolean {
  const frames = times.length
  if ((times[frames - 1] ?? 0) - (times[0] ?? 0) < (frames - 0.25) * period) return false
  return times.some((time, i) => i > 0 && time - (times[i - 1] ?? time) > 1.5 * period)
}

/** Where the times from `fromS` to before `toS` are. */
function within(times: Float64Array, fromS: number, toS: number): { from: number; to: number } {
  let from = 0
  while (from < times.length && (times[from] ?? NaN) < fromS) from++
  let to = times.length
  while (to > from && (times[to - 1] ?? NaN) >= toS) to--
  return { from, to }
}
