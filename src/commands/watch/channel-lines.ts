import type { StreamInfo } from '../../lsl/stream-info.js'
import { cut } from '../terminal/table.js'
import { unitSymbol } from '../../unit-symbol.js'
import { columnMeans, scaleOf, sparkLine } from './spark-line.js'
import type { Scale } from './spark-line.js'
import { short } from './words.js'

const LABEL_COLUMNS = 10
const VALUE_COLUMNS = 9
const UNIT_COLUMNS = 4
const RANGE_COLUMNS = 21
const MOST_SPARK = 120

/** What is to be drawn of a stream of numbers. */
export interface Drawing {
  readonly info: StreamInfo
  /** Row-major samples, the oldest frame first. */
  readonly samples: ArrayLike<number | bigint>
  readonly values: readonly (number | string)[]
  /** The channels that have room. */
  readonly channels: readonly number[]
  /** Columns of the terminal. */
  readonly columns: number
  /** One scale for all channels, so that they compare, or one for each. */
  readonly isShared: boolean
}

/** A line for each channel, below one that says the scale. */
export function channelLines({ info, samples, values, channels, columns, isShared }: Drawing): string[] {
  const rest = LABEL_COLUMNS + VALUE_COLUMNS + UNIT_COLUMNS + 4 + (isShared ? 0 : RANGE_COLUMNS)
  const width = Math.max(4, Math.min(MOST_SPARK, columns - rest))
  const traces = channels.map(channel => columnMeans(samples, info.channelCount, channel, width))
  const shared = isShared ? scaleOf(traces.flat()) : undefined
  const units = channels.map(channel => unitSymbol(info.channelUnits[channel] ?? ''))
  const lines = channels.map((channel, row) => {
    const trace = traces[row] ?? []
    const label = cut(info.channelNames[channel] ?? String(channel + 1), LABEL_COLUMNS).padEnd(LABEL_COLUMNS)
    const value = short(values[channel] ?? NaN).padStart(VALUE_COLUMNS)
    const line = `${label} ${sparkLine(trace, shared).padEnd(width)} ${value} ${units[row] ?? ''}`
    return isShared ? line : `${line.padEnd(columns - RANGE_COLUMNS)} ${rangeText(scaleOf(trace), '')}`
  })
  return [scaleText(shared, isShared, new Set(units), durationOf(samples, info)), ...lines]
}

function scaleText(shared: Scale | undefined, isShared: boolean, units: ReadonlySet<string>, window: string): string {
  if (!isShared) return `scale: each channel its own, at the right; ${window}`
  // Channels of several units share this scale, so it has no unit.
  const [unit = ''] = units.size === 1 ? units : []
  return `scale: ${rangeText(shared, unit)} for all channels; ${window}`
}

const rangeText = (scale: Scale | undefined, unit: string): string =>
  scale === undefined ? '-' : `${short(scale.low)} to ${short(scale.high)} ${unit}`.trimEnd()

function durationOf(samples: ArrayLike<unknown>, { channelCount, nominalSrate }: StreamInfo): string {
  const frames = Math.floor(samples.length / channelCount)
  return nominalSrate > 0 ? `${(frames / nominalSrate).toFixed(1)} s` : `${frames} samples`
}
