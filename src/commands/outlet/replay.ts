import type { SampleArray } from '../../channel-format.js'
import { localClock } from '../../clock.js'
import { DEDUCED_TIMESTAMP } from '../../lsl/stream-outlet.js'
import type { XdfStream } from '../../xdf/read-xdf.js'
import { pace } from './pace.js'
import { earliest, scheduleOf } from './schedule.js'

/** Frames in one push at most, so that a fast replay leaves the event loop its turns. */
const LARGEST_CHUNK = 1024

/** Where a replay sends one stream: a StreamOutlet, or whatever takes chunks like one. */
export interface ReplayTarget {
  pushChunk(data: SampleArray | string[][], timestamps: Float64Array): void
}

export interface ReplayOptions {
  /** Recorded seconds per second. */
  readonly speed?: number
  /** 'original': the stamps of the recording; 'now': stamps on the LSL clock of this replay, spaced as it is paced. */
  readonly stamps?: 'original' | 'now'
  readonly loop?: boolean
  readonly signal?: AbortSignal
}

/**
 * Sends every sample of `streams` once, in order, each stream to the target at the same place of `targets`, when the
 * recording has it due. Resolves to the frames sent of each stream, when all are sent or `signal` has aborted.
 */
export async function replay(
  streams: readonly XdfStream[],
  targets: readonly ReplayTarget[],
  options: ReplayOptions = {},
): Promise<number[]> {
  const { speed = 1, stamps = 'now', loop = false, signal } = options
  const dues = scheduleOf(streams).map(times => times.map(due => due / speed))
  const sent = streams.map(() => 0)
  let startS = localClock()
  do {
    const next = streams.map(() => 0)
    const nextDueS = (): number | undefined => {
      const s = earliest(dues, next)
      return dues[s]?.[next[s] ?? 0]
    }
    const act = (nowS: number): void => {
      streams.forEach((stream, s) => {
        const times = dues[s] ?? new Float64Array(0)
        const from = next[s] ?? 0
        const to = endOfDue(times, from, nowS)
        if (to === from) return
        const dueStamps = (): Float64Array => times.subarray(from, to).map(due => startS + due)
        targets[s]?.pushChunk(
          rows(stream, from, to),
          stamps === 'now' ? dueStamps() : originals(stream.times.subarray(from, to)),
        )
        next[s] = to
        sent[s] = (sent[s] ?? 0) + to - from
      })
    }
    await pace({ nextDueS, act, startS, ...(signal && { signal }) })
    startS += passLengthS(streams, dues, speed)
  } while (loop && !signal?.aborted && sent.some(frames => frames > 0))
  return sent
}

function endOfDue(times: Float64Array, from: number, nowS: number): number {
  let to = from
  while (to < times.length && to - from < LARGEST_CHUNK && (times[to] ?? 0) <= nowS) to++
  return to
}

/** A stamp that is no time cannot be sent: the inlet then deduces one. */
function originals(times: Float64Array): Float64Array {
  return times.map(time => (Number.isFinite(time) ? time : DEDUCED_TIMESTAMP))
}

function rows({ samples, channelCount }: XdfStream, from: number, to: number): SampleArray | string[][] {
  return Array.isArray(samples) ? samples.slice(from, to) : samples.subarray(from * channelCount, to * channelCount)
}

/** From the first sample of one pass to the first of the next: the last due time and one period after it. */
function passLengthS(streams: readonly XdfStream[], dues: readonly Float64Array[], speed: number): number {
  const periods = streams.map(({ nominalSrate }) => (nominalSrate > 0 ? 1 / nominalSrate : 0))
  return Math.max(0, ...dues.map(times => times.at(-1) ?? 0)) + (Math.max(...periods) || 1) / speed
}
