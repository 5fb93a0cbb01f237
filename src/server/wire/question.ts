import { trimBlanks } from './blank.js'
import { parsePayload } from './json-payload.js'

/**
 * What a server answers to those who know the word, unless the module has a command of that name. Not in the list of
 * GET_PCOMMS, and never sent by Python's control rooms.
 */
export type Question = 'DESCRIBE' | 'JOBS'

const QUESTIONS: readonly Question[] = ['DESCRIBE', 'JOBS']
const LONGEST = 'DESCRIBE|'.length

/** The question that a piece of the stream is, or undefined. */
export function questionOf(piece: string): Question | undefined {
  const text = trimBlanks(piece)
  if (text.length > LONGEST) return undefined
  const word = text.endsWith('|') ? text.slice(0, -1) : text
  return QUESTIONS.find(each => each === word)
}

/** What a client of ours says of itself when it asks for the list of commands. */
export interface Introduction {
  /** It only looks on: it gets no callbacks, and that it is there keeps no job alive. */
  readonly isObserver: boolean
}

/**
 * The introduction in a piece that calls GET_PCOMMS, `GET_PCOMMS|{"describe":true,"observer":true}`, or undefined. It is
 * answered as DESCRIBE is. Servers that do not know it answer with their list, which a word of its own would not get.
 */
export function introductionOf(piece: string): Introduction | undefined {
  const bar = piece.indexOf('|')
  const payload = bar === -1 ? undefined : parsePayload(piece.slice(bar + 1))
  if (payload === undefined || 'reason' in payload || payload.kwargs['describe'] !== true) return undefined
  return { isObserver: payload.kwargs['observer'] === true }
}
