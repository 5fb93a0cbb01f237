import { DareplaneError } from '../../../errors.js'
import { infoElement } from '../../stream-fields.js'
import { StreamInfo } from '../../stream-info.js'
import { xpathLiteral } from '../../xpath-literal.js'
import { simpleTerms } from './simple-query.js'
import { evaluateQuery, queryDocument } from './xpath.js'

/** The query for `predicate` within a session. Throws ERR_INVALID_PREDICATE for what no outlet could evaluate. */
export function sessionQuery(sessionId: string, predicate: string): string {
  const ofSession = `session_id=${xpathLiteral(sessionId)}`
  const terms = simpleTerms(predicate)
  if (terms !== undefined) return terms.length === 0 ? ofSession : `${ofSession} and ${predicate}`
  const any = queryDocument(infoElement(new StreamInfo({ name: 'any', channelCount: 1, sourceId: '' }).fields))
  const answer = evaluateQuery(any, predicate)
  // A predicate that takes long on an empty description is one nevertheless: outlets will answer it or not.
  if ('reason' in answer && answer.final)
    throw new DareplaneError('ERR_INVALID_PREDICATE', `not an XPath predicate: ${predicate} (${answer.reason})`)
  return `${ofSession} and (${predicate})`
}
