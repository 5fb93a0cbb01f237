import { createRequire } from 'node:module'
import { createContext, Script } from 'node:vm'
import { DOMParser } from '@xmldom/xmldom'

/** The longest query that is looked at; those of LSL tools have some hundred characters. */
const LONGEST_QUERY = 4096
const LONGEST_EVALUATION_MS = 50

// Not by import: its declarations bring in the types of the browser's DOM, for the whole program, and leave parse() out.
const require = createRequire(import.meta.url)
const { parse } = require('xpath') as {
  parse: (expression: string) => { evaluateBoolean(options: { readonly node: unknown }): boolean }
}

// The time limit of a script holds for all that it calls, so this one only calls.
const slot = createContext({ evaluate: (): boolean => false })
const call = new Script('evaluate()')

function withinTime(evaluate: () => boolean): boolean {
  slot['evaluate'] = evaluate
  return call.runInContext(slot, { timeout: LONGEST_EVALUATION_MS }) as boolean
}

/** The root element of a description, as context for queries. */
export type QueryDocument = NonNullable<ReturnType<DOMParser['parseFromString']>['documentElement']>

/** Throws where `xml` has no root element. */
export function queryDocument(xml: string): QueryDocument {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement
  if (root === null) throw new SyntaxError('no root element')
  return root
}

/** Whether a query holds, or why there is no answer; `final`: why there never will be. */
export type QueryAnswer = { readonly matches: boolean } | { readonly reason: string; readonly final: boolean }

/** Evaluates XPath 1.0 `query` with `document` as its context. Blocks for 50 ms at most. Never throws. */
export function evaluateQuery(document: QueryDocument, query: string): QueryAnswer {
  if (query.length > LONGEST_QUERY) return { reason: `longer than ${LONGEST_QUERY} characters`, final: true }
  try {
    return { matches: withinTime(() => parse(query).evaluateBoolean({ node: document })) }
  } catch (error) {
    const { message, code } = error as { readonly message?: unknown; readonly code?: unknown }
    return { reason: String(message), final: code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT' }
  }
}
