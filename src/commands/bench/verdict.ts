import { duration } from '../watch/words.js'
import type { ProcessFigures } from './process-profile.js'
import type { ProfileFigures } from './stream-profile.js'

/** A rate that is off by more than this part is worth a word. */
const RATE_TOLERANCE = 0.01
/** Stamps that jitter by more than this part of a period. */
const JITTER_TOLERANCE = 0.5
const SLOW_LATENCY_S = 0.02
const LATE_LOOP_S = 0.005
/**
 * Timers of Windows go in steps of 15.6 ms where nobody asked for finer ones (src/system/timer-resolution.ts): then every look that is
 * due after 10 ms comes so much late, on an idle machine too.
 */
const COARSE_TIMERS_S = 0.0056
const COARSE_TOLERANCE_S = 0.0005
const DEAR_CPU_SHARE = 0.5

/** What the figures of one stream mean, in plain words: what is wrong first, and that nothing is, if so. */
export function streamVerdict(figures: ProfileFigures): string[] {
  const { frames, seconds } = figures
  if (frames === 0) return [`no sample arrived in ${duration(seconds)}: the stream is there, but nothing is pushed`]
  const troubles = [...losses(figures), ...rates(figures), ...stamps(figures), ...latencies(figures)]
  return troubles.length > 0 ? troubles : ['every sample arrived, in time: nothing to improve']
}

/** What the figures of the process mean. */
export function processVerdict({ cpuShare, eventLoopDelay }: ProcessFigures, streams: number): string[] {
  const troubles: string[] = []
  const isCoarse = Math.abs(eventLoopDelay.p50S - COARSE_TIMERS_S) < COARSE_TOLERANCE_S
  if (eventLoopDelay.p99S > LATE_LOOP_S + (isCoarse ? COARSE_TIMERS_S : 0)) {
    const late = duration(eventLoopDelay.p99S)
    troubles.push(`the main thread is late by ${late} (p99): the machine is busy; what must be in time belongs in a worker job`) // prettier-ignore
  }
  if (cpuShare / streams > DEAR_CPU_SHARE) {
    troubles.push('a stream takes more than half a core: let the sender push chunks instead of single samples')
  }
  return troubles
}

function losses({ lost, gapFrames, lapped, interruptions }: ProfileFigures): string[] {
  const troubles: string[] = []
  if (interruptions > 0) troubles.push(`the stream went away and came back, ${times(interruptions)}`)
  if (lost > 0) troubles.push(`${lost} samples were lost on the way in: this machine does not keep up`)
  if (lapped > 0) troubles.push(`${lapped} samples were overwritten before they were read: take a larger bufferSizeS`)
  const unexplained = gapFrames - lost
  if (unexplained > 0)
    troubles.push(`by the stamps ${unexplained} samples are missing: the sender skipped them, or stamps unevenly`)
  return troubles
}

function rates({ nominalSrate, rateByStamps }: ProfileFigures): string[] {
  if (nominalSrate === 0 || Number.isNaN(rateByStamps)) return []
  if (Math.abs(rateByStamps / nominalSrate - 1) <= RATE_TOLERANCE) return []
  return [`it sends ${rateByStamps.toFixed(1)} Hz where it announces ${nominalSrate}: windows in seconds will be off`]
}

function stamps({ nominalSrate, jitter }: ProfileFigures): string[] {
  if (nominalSrate === 0 || jitter === undefined || jitter.p99S * nominalSrate <= JITTER_TOLERANCE) return []
  return [
    `the stamps jitter by ${duration(jitter.p99S)} (p99), more than half a period: processing.dejitter evens them out`,
  ]
}

function latencies({ latency, frames, seconds, wakeUpsPerS }: ProfileFigures): string[] {
  if (latency === undefined || latency.p99S <= SLOW_LATENCY_S) return []
  const perWakeUp = frames / (wakeUpsPerS * seconds)
  const chunks = perWakeUp > 2 ? `; they come ${perWakeUp.toFixed(0)} at a time, so smaller chunks would help` : ''
  return [`samples are up to ${duration(latency.p99S)} old (p99) when they are here${chunks}`]
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)
