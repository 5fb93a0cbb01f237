import type { MissingByCause, RecordedStreamStats } from './recorded-stream.js'
import type { RecordedIdentifier } from './selection.js'
import { silentS, totalOf } from './recording-summary.js'
import type { RecordingSummary } from './recording-summary.js'

const CAUSES: Readonly<Record<keyof MissingByCause, string>> = {
  inGaps: 'in gaps of the stamps',
  overwritten: 'overwritten in memory',
  unsaved: 'not written at the end',
  gone: 'in a file that is gone',
  truncated: 'cut strings',
}

/** What is missing in a recording, one line for each stream and cause; none when it is complete. */
export function missingLines({ streams, absent, notEnded, file }: RecordingSummary): string[] {
  return [
    ...(notEnded === undefined ? [] : [`${file} was not ended: ${notEnded}; 'dareplane xdf repair' ends it`]),
    ...absent.map(identifier => `${identifierText(identifier)} was never there`),
    ...streams.filter(({ missing }) => totalOf(missing) > 0).map(missingLine),
  ]
}

/** Which regular streams were silent at the end, one line each: whether anything is missing there, only their senders know. */
export function silentLines({ streams, seconds }: RecordingSummary): string[] {
  return streams.flatMap(stream => silentLine(stream, silentS(stream, seconds)))
}

function missingLine({ info, missing }: RecordedStreamStats): string {
  const causes = Object.entries(missing) as [keyof MissingByCause, number][]
  const told = causes.filter(([, count]) => count > 0).map(([cause, count]) => `${count} ${CAUSES[cause]}`)
  return `'${info.name}' misses ${totalOf(missing)} samples: ${told.join(', ')}`
}

function silentLine({ info }: RecordedStreamStats, forS: number): string[] {
  if (forS === 0) return []
  return [forS === Infinity ? `'${info.name}' never sent a sample` : `'${info.name}' was silent for the last ${forS.toFixed(1)} s`] // prettier-ignore
}

/** A stream that was asked for, as messages name it. */
export function identifierText({ name, type, sourceId }: RecordedIdentifier): string {
  const parts = [name === undefined ? 'a stream' : `'${name}'`]
  if (type !== undefined) parts.push(`of type '${type}'`)
  if (sourceId !== undefined) parts.push(`of source '${sourceId}'`)
  return parts.join(' ')
}
