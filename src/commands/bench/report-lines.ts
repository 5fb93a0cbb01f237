import type { StreamInfo } from '../../lsl/stream-info.js'
import { duration } from '../watch/words.js'
import type { ProcessFigures } from './process-profile.js'
import type { ProfileFigures, Spread } from './stream-profile.js'

const LABEL_COLUMNS = 18

/** The figures of a stream, a line each. */
export function streamLines(info: StreamInfo, figures: ProfileFigures): string[] {
  const { frames, seconds, nominalSrate, rateByClock, rateByStamps, jitter, latency } = figures
  const { lost, gapFrames, lapped, interruptions, wakeUpsPerS, pullsPerS } = figures
  const announced = nominalSrate === 0 ? 'irregular' : `${nominalSrate} Hz announced`
  const shown: [string, string][] = [
    ['samples', `${frames} in ${duration(seconds)}`],
    ['rate', `${rate(rateByClock)} by this clock, ${rate(rateByStamps)} by the stamps, ${announced}`],
    ['jitter of stamps', nominalSrate === 0 ? 'irregular: no period to differ from' : spread(jitter)],
    ['push to here', latency === undefined ? 'unknown: the stamps are not of a clock that is known here' : spread(latency)], // prettier-ignore
    ['missing', `${lost} network, ${lapped} overwritten, ${gapFrames} by the stamps; ${interruptions} interruptions`], // prettier-ignore
    ['wake-ups', `${wakeUpsPerS.toFixed(0)}/s of the main thread, ${pullsPerS.toFixed(0)}/s of the stream's own thread`], // prettier-ignore
  ]
  return [info.toString(), ...shown.map(([label, text]) => line(label, text))]
}

/** The figures of the process, a line each. */
export function processLines({ cpuShare, eventLoopDelay }: ProcessFigures, streams: number): string[] {
  const each = `${((100 * cpuShare) / streams).toFixed(1)} % of a core a stream`
  return [
    streams === 1 ? 'process' : `process, ${streams} streams`,
    line('CPU', `${each}, reading every sample included`),
    line('event-loop delay', spread(eventLoopDelay)),
  ]
}

const line = (label: string, text: string): string => `  ${label.padEnd(LABEL_COLUMNS)}${text}`

const rate = (hz: number): string => (Number.isFinite(hz) ? `${hz.toFixed(2)} Hz` : '-')

function spread(values: Spread | undefined): string {
  if (values === undefined) return '-'
  return `p50 ${fine(values.p50S)}, p99 ${fine(values.p99S)}, max ${fine(values.maxS)}`
}

/** Durations here are often below a tenth of a millisecond. */
function fine(seconds: number): string {
  return seconds < 1e-3 ? `${Math.round(seconds * 1e6)} us` : duration(seconds)
}
