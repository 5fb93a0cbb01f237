import { predicateOf } from '../lsl/resolve.js'
import type { StreamInfo } from '../lsl/stream-info.js'

/** Which stream to record: all that is given has to agree. */
export interface RecordedIdentifier {
  readonly name?: string
  readonly type?: string
  readonly sourceId?: string
}

/** All streams, those that satisfy an XPath 1.0 predicate, or those that are named. */
export type RecordedSelection = 'all' | (string & {}) | readonly RecordedIdentifier[]

/** The XPath predicate of a selection; '' for all. */
export function selectionPredicate(selection: RecordedSelection): string {
  if (selection === 'all') return ''
  if (typeof selection === 'string') return selection
  return selection
    .map(({ name, type, sourceId }) => `(${predicateOf({ name, type, source_id: sourceId })})`)
    .join(' or ')
}

/** Whether `info` is what `identifier` asks for. */
export function isMeant({ name, type, sourceId }: RecordedIdentifier, info: StreamInfo): boolean {
  return (
    (name === undefined || name === info.name) &&
    (type === undefined || type === info.type) &&
    (sourceId === undefined || sourceId === info.sourceId)
  )
}
