import { abortSignal, amount, list, oneOf, options, seconds, whole } from '../../check.js'
import { localClock } from '../../clock.js'
import { AlignedStream } from './aligned-stream.js'
import { streamSource } from './source.js'
import type { StreamSource } from './source.js'
import { TimeGrid } from './time-grid.js'
import type { AlignMethod, TimedFrames } from './timed-frames.js'

/** The timeline on which streams are put, and how long to wait for them. */
export interface AlignOptions {
  /** A timeline of its own at this rate. Exactly one of `rateHz` and `on` must be given. */
  readonly rateHz?: number
  /** The timeline is the stamps of this stream, by its place in the list. */
  readonly on?: number
  /** How a value between two samples is found. Default 'linear'. */
  readonly method?: AlignMethod
  /** How long to wait for the latest stream; what it has not sent by then is NaN, and it is named in `missing`. Default 1 s. */
  readonly maxLatenessS?: number
  readonly signal?: AbortSignal
}

/** A marker within aligned streams. */
export interface AlignedMarker {
  /** Which of the streams it is of. */
  readonly stream: number
  readonly row: readonly string[]
  /** LSL clock of this machine. */
  readonly time: number
  /** The first frame of the window at or after it. */
  readonly frame: number
}

/** What several streams were at the same times. */
export interface AlignedWindow {
  /** LSL clock of this machine. */
  readonly times: Float64Array
  readonly frames: number
  /** One for each stream: frames x channels, row-major; of streams of strings empty. */
  readonly data: readonly Float64Array[]
  readonly markers: readonly AlignedMarker[]
  /** Names of streams that were waited for in vain. */
  readonly missing: readonly string[]
}

const checked = options<AlignOptions>('align', 'align([watcherA, watcherB], { rateHz: 100 })', {
  rateHz: amount('Hz', { above: 0 }),
  on: whole({ from: 0 }),
  method: oneOf('linear', 'previous', 'nearest'),
  maxLatenessS: seconds({ from: 0, forever: true }),
  signal: abortSignal,
})
const streamSources = list(streamSource)

/**
 * Several streams on one timeline, on the LSL clock of this machine, in windows as far as all streams have arrived. Streams of
 * strings are markers: they ride along with their position. Where nothing has come for a minute or more, the timeline goes on with
 * what comes then; where the clocks of all were set back, it begins anew. Ends when all streams have ended, or on abort.
 */
export async function* align(sources: readonly StreamSource[], options: AlignOptions): AsyncGenerator<AlignedWindow> {
  streamSources('streams', sources)
  const { rateHz, on, method = 'linear', maxLatenessS = 1, signal } = checked(options)
  if ((rateHz === undefined) === (on === undefined)) throw new TypeError('align takes exactly one of rateHz and on')
  const streams = sources.map(source => new AlignedStream(source))
  const numeric = streams.filter(({ frames }) => frames !== undefined)
  const leader = on === undefined ? undefined : streams[on]
  if (numeric.length === 0) throw new TypeError('align needs at least one stream of numbers')
  if (on !== undefined && leader?.frames === undefined) {
    throw new RangeError(`on must be the place of a stream of numbers in the list, got ${on}`)
  }
  let timeline: number[] = []
  let markers: Omit<AlignedMarker, 'frame'>[] = []
  const grid = rateHz === undefined ? undefined : new TimeGrid(rateHz)
  let doneS = -Infinity

  while (signal?.aborted !== true) {
    const ended = streams.every(({ reader }) => reader.closed)
    streams.forEach((stream, s) => {
      if (stream.isSetBack && stream === leader) timeline = []
      stream.takeNew((times, rows) => {
        if (stream === leader) for (const time of times) if (Number.isFinite(time)) timeline.push(time)
        rows?.forEach((row, i) => markers.push({ stream: s, row, time: times[i] ?? NaN }))
      })
    })
    const now = localClock()
    const newestOfAllS = Math.max(...numeric.map(({ newestS }) => newestS))
    const present = numeric.filter(stream => !stream.isLate(now, maxLatenessS, newestOfAllS))
    // As far as all have come; those that are late are not waited for.
    const horizonS = present.length > 0 ? Math.min(...present.map(({ newestS }) => newestS)) : newestOfAllS
    if (grid !== undefined) {
      if (grid.isBehind(newestOfAllS)) {
        grid.clear()
        doneS = -Infinity
      }
      // A stream that is late and has sent nothing at all is not waited for, nor one that is ahead of all that the others will send.
      const begun = numeric.filter(
        stream =>
          (stream.oldestS !== Infinity || present.includes(stream)) && !stream.isApart(now, maxLatenessS, horizonS),
      )
      grid.begin(Math.max(...begun.map(({ oldestS }) => oldestS)), horizonS)
      grid.take(horizonS, timeS => Math.min(...numeric.map(stream => stream.timeFrom(timeS))), timeline)
    }
    const count = timeline.findIndex(time => time > horizonS)
    const times = Float64Array.from(timeline.splice(0, count === -1 ? timeline.length : count))
    if (times.length > 0) {
      const untilS = times.at(-1) ?? NaN
      if (leader !== undefined && untilS < doneS) doneS = -Infinity
      const due = markers.filter(({ time }) => time <= untilS && time > doneS)
      markers = markers.filter(({ time }) => time > untilS)
      doneS = untilS
      const missing = numeric.filter(
        stream => stream.oldestS > horizonS || (!present.includes(stream) && stream.newestS < horizonS),
      )
      yield {
        times,
        frames: times.length,
        data: streams.map(({ frames }) => valuesAt(frames, times, method)),
        markers: due.map(marker => ({ ...marker, frame: times.findIndex(time => time >= marker.time) })),
        missing: missing.map(({ name }) => name),
      }
    }
    if (streams.some(({ isSetBack }) => isSetBack)) continue
    if (ended) return
    const lateInS = Math.min(...present.map(({ arrivedS }) => arrivedS + maxLatenessS - now))
    await news(streams, Math.max(0.001, lateInS), signal)
  }
}

function valuesAt(frames: TimedFrames | undefined, times: Float64Array, method: AlignMethod): Float64Array {
  if (frames === undefined) return new Float64Array(0)
  const values = new Float64Array(times.length * frames.channels)
  times.forEach((time, i) => {
    frames.write(time, method, values, i * frames.channels)
    frames.forgetBefore(time)
  })
  return values
}

/** Until one of the streams has more than it had, or has ended, or `timeoutS` has passed. */
async function news(
  streams: readonly AlignedStream[],
  timeoutS: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const stop = new AbortController()
  const end = (): void => stop.abort()
  signal?.addEventListener('abort', end)
  const open = streams.filter(({ reader }) => !reader.closed)
  const waits = open.map(({ reader }) => reader.waitAsync(timeoutS * 1000, stop.signal))
  if (waits.length > 0) await Promise.race(waits)
  end()
  signal?.removeEventListener('abort', end)
  await Promise.all(waits)
}
