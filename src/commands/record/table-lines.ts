import { totalOf } from '../../recording/recording-summary.js'
import type { RecordedStreamStats } from '../../recording/recorded-stream.js'
import { identifierText } from '../../recording/summary-text.js'
import type { RecorderStats } from '../../recording/recorder-events.js'
import { clock, size } from '../terminal/sizes.js'
import { table } from '../terminal/table.js'
import { duration } from '../watch/words.js'

const HEADINGS = ['STREAM', 'EXPECTED', 'SEEN', 'SAMPLES', 'MISSING', 'AGE', 'OFFSET', '']
const RIGHT = [1, 2, 3, 4, 5, 6]
const SHORTEST_NAME = 12

/** A recording as it stands, in lines of at most `columns` characters. */
export function tableLines(stats: RecorderStats, columns = Infinity): string[] {
  const rows = stats.streams.map(cells)
  const others = Math.max(0, ...table([HEADINGS, ...rows].map(([, ...rest]) => rest)).map(({ length }) => length))
  const room = Math.max(SHORTEST_NAME, columns - others - 2)
  const cut = [HEADINGS, ...rows].map(([name = '', ...rest]) => [shortened(name, room), ...rest])
  const none = rows.length === 0 ? ['no stream yet'] : []
  const absent = stats.absent.map(identifier => `waits for ${identifierText(identifier)}`)
  const trouble = stats.trouble === undefined ? [] : [`NOT WRITTEN: ${stats.trouble}; what arrives is kept in memory`]
  return [headLine(stats), ...table(cut, { right: RIGHT }), ...none, ...absent, ...trouble]
}

/** The file, and how far it is. */
export function headLine({ file, bytes, seconds, diskFree }: RecorderStats): string {
  const left = diskFree === undefined ? '' : `, ${size(diskFree)} left`
  return `recording ${clock(seconds)}  ${size(bytes)}${left}  ${file}`
}

function cells({ info, state, rate, samples, ageS, clockOffsetS, missing }: RecordedStreamStats): string[] {
  return [
    info.name,
    info.nominalSrate === 0 ? 'irregular' : `${info.nominalSrate} Hz`,
    `${rate.toFixed(1)} Hz`,
    String(samples),
    String(totalOf(missing)),
    duration(ageS),
    clockOffsetS === undefined ? '-' : `${(clockOffsetS * 1000).toFixed(3)} ms`,
    state === 'connected' ? '' : state.toUpperCase(),
  ]
}

/** Names of one device begin alike, and end differently. */
function shortened(name: string, length: number): string {
  if (name.length <= length) return name
  const letters = Array.from(name)
  const kept = length - 1
  return `${letters.slice(0, Math.ceil(kept / 2)).join('')}…${letters.slice(-Math.floor(kept / 2)).join('')}`
}
