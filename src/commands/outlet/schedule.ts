import type { XdfStream } from '../../xdf/read-xdf.js'

/** When a recording has nothing for longer than this, as after a clock reset, its replay does not wait longer either. */
const LONGEST_PAUSE_S = 3

/**
 * When each sample of each stream is due, in seconds from the first of all: ascending within a stream. Streams of
 * different machines, and of one machine before and after its clock was reset, are put on the recorder's clock with the
 * recorded clock offsets.
 */
export function scheduleOf(streams: readonly XdfStream[]): Float64Array[] {
  const dues = streams.map(onRecorderClock)
  const starts = dues.map(times => times[0] ?? NaN).filter(Number.isFinite)
  // A stream without any stamp starts with the others.
  for (const times of dues) if (Number.isNaN(times[0])) times.fill(starts.length === 0 ? 0 : Math.min(...starts))
  const next = dues.map(() => 0)
  let last: number | undefined
  let shift = 0
  for (;;) {
    const s = earliest(dues, next)
    const times = dues[s]
    const i = next[s] ?? 0
    const due = times?.[i]
    if (times === undefined || due === undefined) return dues
    last ??= shift = due
    shift += Math.max(0, due - last - LONGEST_PAUSE_S)
    last = due
    times[i] = due - shift
    next[s] = i + 1
  }
}

/** The stream whose next sample is due first, or -1 when none has any left. */
export function earliest(dues: readonly Float64Array[], next: readonly number[]): number {
  let best = -1
  let bestDue = Infinity
  for (let s = 0; s < dues.length; s++) {
    const due = dues[s]?.[next[s] ?? 0] ?? Infinity
    if (due < bestDue) {
      best = s
      bestDue = due
    }
  }
  return best
}

/** A stamp that is no number says nothing: such a sample goes with the one before it. */
function onRecorderClock({ times, clockOffsets }: XdfStream): Float64Array {
  const stampRuns = ascendingRuns(times)
  const offsetRuns = ascendingRuns(Float64Array.from(clockOffsets, ({ time }) => time))
  const paired = stampRuns.length === offsetRuns.length
  let run = 0
  let latest = NaN
  const dues = times.map((time, i) => {
    if (paired && stampRuns[run + 1] === i) run++
    const due = time + (clockOffsets[offsetRuns[run] ?? 0]?.offset ?? 0)
    if (Number.isFinite(due) && !(due < latest)) latest = due
    return latest
  })
  const first = dues.findIndex(Number.isFinite)
  return first < 0 ? dues : dues.fill(dues[first] ?? NaN, 0, first)
}

/** Where `times` begins and where it jumps back by more than jitter does: there the sender's clock was reset. */
function ascendingRuns(times: Float64Array): number[] {
  const starts = times.length > 0 ? [0] : []
  let last = times[0] ?? NaN
  for (let i = 1; i < times.length; i++) {
    const time = times[i] ?? NaN
    if (time < last - 1) starts.push(i)
    if (Number.isFinite(time)) last = time
  }
  return starts
}
