import { localClock } from '../../../clock.js'
import { parseXml } from '../../xml.js'
import { simpleTerms } from './simple-query.js'
import { evaluateQuery, queryDocument } from './xpath.js'
import type { QueryDocument } from './xpath.js'

/** Milliseconds of XPath that strangers may cost this thread in each second. */
const BUDGET_MS = 150

/** Answers whether one outlet's description satisfies a query. Answers are kept, as the description never changes. */
export class QueryCache {
  readonly #xml: string
  readonly #most: number
  readonly #texts = new Map<string, string>()
  readonly #answers = new Map<string, boolean>()
  #document: QueryDocument | undefined
  #spentMs = 0
  #since = 0

  /** For the description `xml`; keeps the answers to `most` queries. */
  constructor(xml: string, most: number) {
    this.#xml = xml
    this.#most = most
    const parsed = parseXml(xml)
    if ('root' in parsed)
      for (const { name, text } of parsed.root.children) if (name !== 'desc') this.#texts.set(name, text)
  }

  /** False as well for what is no XPath, takes too long, or comes when this second's time is spent; the asker asks again. */
  matches(query: string): boolean {
    const terms = simpleTerms(query)
    if (terms?.every(([name]) => this.#texts.has(name)) === true)
      return terms.every(([name, text]) => this.#texts.get(name) === text)
    return this.#answers.get(query) ?? this.#evaluate(query)
  }

  #evaluate(query: string): boolean {
    const now = localClock()
    if (now - this.#since > 1) {
      this.#since = now
      this.#spentMs = 0
    }
    if (this.#spentMs > BUDGET_MS) return false
    this.#document ??= queryDocument(this.#xml)
    const answer = evaluateQuery(this.#document, query)
    this.#spentMs += (localClock() - now) * 1000
    if ('reason' in answer && !answer.final) return false
    const matches = 'matches' in answer && answer.matches
    const [oldest] = this.#answers.keys()
    if (oldest !== undefined && this.#answers.size >= this.#most) this.#answers.delete(oldest)
    if (this.#most > 0) this.#answers.set(query, matches)
    return matches
  }
}
