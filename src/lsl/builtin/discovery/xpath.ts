import { createRequire } from 'node:module'
import { createContext, Script } from 'node:vm'
import type { Document, DOMImplementation, Element } from '@xmldom/xmldom'
import { errorCode } from '../../../errors.js'
import { threadTimeMs } from '../../../system/thread-time.js'
import { isBlank } from '../../xml.js'
import type { XmlElement } from '../../xml.js'

/** The longest query that is looked at; those of LSL tools have some hundred characters. */
const LONGEST_QUERY = 4096
/** Of this thread's own time. */
export const LONGEST_EVALUATION_MS = 50
/** By the clock: a busy machine lets this thread wait. */
const LONGEST_WAIT_MS = 2000

interface XPath {
  readonly dom: DOMImplementation
  readonly parse: (expression: string) => { evaluateBoolean(options: { readonly node: unknown }): boolean }
  /** Throws when it takes longer than `timeout` milliseconds by the clock. */
  readonly run: (evaluate: () => boolean, timeout: number) => boolean
}

// Not by import: most threads never meet a query that needs it, and the declarations of xpath bring in the types of the
// browser's DOM, for the whole program.
const require = createRequire(import.meta.url)
let loaded: XPath | undefined

function xpath(): XPath {
  return (loaded ??= loadXPath())
}

function loadXPath(): XPath {
  const { DOMImplementation } = require('@xmldom/xmldom') as { DOMImplementation: new () => DOMImplementation }
  const { parse } = require('xpath') as Pick<XPath, 'parse'>
  // The time limit of a script holds for all that it calls, so this one only calls.
  const slot = createContext({ evaluate: (): boolean => false })
  const call = new Script('evaluate()')
  const run = (evaluate: () => boolean, timeout: number): boolean => {
    slot['evaluate'] = evaluate
    return call.runInContext(slot, { timeout }) as boolean
  }
  return { dom: new DOMImplementation(), parse, run }
}

/** Throws when it takes longer than {@link LONGEST_EVALUATION_MS}. */
function withinTime(evaluate: () => boolean): boolean {
  const { run } = xpath()
  for (let timeout = LONGEST_EVALUATION_MS; ; timeout *= 2) {
    const start = threadTimeMs()
    try {
      return run(evaluate, timeout)
    } catch (error) {
      if (!isTimeout(error) || timeout >= LONGEST_WAIT_MS) throw error
      // The limit is by the clock. If it was other threads and processes that ran, this one has another try.
      if (threadTimeMs() - start > LONGEST_EVALUATION_MS * 0.8) throw error
    }
  }
}

function isTimeout(error: unknown): boolean {
  return errorCode(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}

/** The root element of a description, as context for queries. */
export type QueryDocument = Element

/** A description as queries see it. What XML has no name for cannot be asked about. */
export function queryDocument(info: XmlElement): QueryDocument {
  const document = xpath().dom.createDocument(null, '')
  const root = toDom(document, info)
  if (root === undefined) throw new SyntaxError(`${info.name} is no name`)
  document.appendChild(root)
  return root
}

function toDom(document: Document, { name, text, children, attributes = {} }: XmlElement): Element | undefined {
  let element: Element
  try {
    element = document.createElement(name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  } catch {
    return undefined
  }
  for (const child of children) {
    const inner = toDom(document, child)
    if (inner !== undefined) element.appendChild(inner)
  }
  // liblsl drops what is white space only.
  if (!isBlank(text)) element.appendChild(document.createTextNode(text))
  return element
}

/** Whether a query holds, or why there is no answer; `final`: why there never will be. */
export type QueryAnswer = { readonly matches: boolean } | { readonly reason: string; readonly final: boolean }

/** Evaluates XPath 1.0 `query` with `document` as its context. Takes 50 ms of this thread's time at most. Never throws. */
export function evaluateQuery(document: QueryDocument, query: string): QueryAnswer {
  if (query.length > LONGEST_QUERY) return { reason: `longer than ${LONGEST_QUERY} characters`, final: true }
  try {
    return { matches: withinTime(() => xpath().parse(query).evaluateBoolean({ node: document })) }
  } catch (error) {
    const { message } = error as { readonly message?: unknown }
    return { reason: String(message), final: !isTimeout(error) }
  }
}
