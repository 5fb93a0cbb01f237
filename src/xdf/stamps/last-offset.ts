import { childOf } from '../../lsl/xml.js'
import { median, steps } from './clock-map.js'
import type { ClockOffset } from './clock-map.js'
import { readDocument } from '../stream-header.js'

const TIMES_USUAL_STEP = 10
const DEVIATIONS = 10
/** The standard deviation of normal values, in median absolute deviations. */
const NORMAL = 1.4826

/**
 * How many frames and clock offsets of a stream are to be believed. An outlet that closes while it is recorded can leave one
 * frame too many and a last clock offset of garbage (https://github.com/sccn/liblsl/issues/246): where the footer counts
 * fewer frames than there are, and the last offset is far off, both are left out, as pyxdf does.
 */
export function believed(
  frames: number,
  offsets: readonly ClockOffset[],
  footerXml: string | undefined,
): { readonly frames: number; readonly offsets: readonly ClockOffset[] } {
  const counted = footerXml === undefined ? NaN : footerCount(footerXml)
  if (!(frames > counted) || !lastIsOff(offsets)) return { frames, offsets }
  return { frames: counted, offsets: offsets.slice(0, -1) }
}

/** The frames that a footer counts, NaN where it does not say. */
export function footerCount(footerXml: string): number {
  const text = childOf(readDocument(footerXml), 'sample_count')?.text.trim() ?? ''
  return text === '' ? NaN : Math.trunc(Number(text))
}

function lastIsOff(offsets: readonly ClockOffset[]): boolean {
  if (offsets.length < 3) return false
  const intervals = steps(offsets.map(({ time }) => time))
  const usual = median(intervals.slice(0, -1))
  const last = Math.abs(intervals.at(-1) ?? NaN)
  const late = usual > 0 ? last / usual > TIMES_USUAL_STEP : last > 0
  const values = offsets.map(({ offset }) => offset)
  const earlier = values.slice(0, -1)
  const middle = median(earlier)
  const deviation = median(earlier.map(value => Math.abs(value - middle)))
  return (
    late ||
    (deviation > Number.EPSILON && Math.abs((values.at(-1) ?? NaN) - middle) / (NORMAL * deviation) > DEVIATIONS)
  )
}
