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

function onRecorderClock({ times, clockOffsets }: XdfStream): Float64Array {
  const stampRuns = ascendingRuns(times)
  const offsetRuns = ascendingRuns(Float64Array.from(clockOffsets, ({ time }) => time))
  const paired = stampRuns.length === offsetRuns.length
  let latest = -Infinity
  return times.map((time, i) => {
    const run = paired ? stampRuns.findLastIndex(start => start <= i) : 0
    const offset = clockOffsets[offsetRuns[run] ?? 0]?.offset ?? 0
    return (latest = Math.max(latest, time + offset))
  })
}

/** Where `times` begins and where it jumps back by more than jitter does: there the sender's clock was reset. */
function ascendingRuns(times: Float64Array): number[] {
  const starts = times.length > 0 ? [0] : []
  for (let i = 1; i < times.length; i++) if ((times[i] ?? 0) < (times[i - 1] ?? 0) - 1) starts.push(i)
  return starts
}
