import { threadTimeMs } from '../../../system/thread-time.js'
import { isBlank } from '../../xml.js'
import type { XmlElement } from '../../xml.js'
import { simpleTerms } from './simple-query.js'
import { withinBudget } from './xpath-budget.js'
import { evaluateQuery, LONGEST_EVALUATION_MS, queryDocument } from './xpath.js'
import type { QueryDocument } from './xpath.js'

/** Answers whether one outlet's description satisfies a query. Answers are kept, as the description never changes. */
export class QueryCache {
  readonly #info: XmlElement
  readonly #most: number
  readonly #texts = new Map<string, string>()
  readonly #answers = new Map<string, boolean>()
  #document: QueryDocument | undefined

  /** For the description `info`; keeps the answers to `most` queries. */
  constructor(info: XmlElement, most: number) {
    this.#info = info
    this.#most = most
    for (const { name, text } of info.children) if (name !== 'desc') this.#texts.set(name, isBlank(text) ? '' : text)
  }

  /** False as well for what is no XPath, takes too long, or comes when this second's time is spent; the asker asks again. */
  matches(query: string): boolean {
    const terms = simpleTerms(query)
    if (terms?.every(([name]) => this.#texts.has(name)) === true)
      return terms.every(([name, text]) => this.#texts.get(name) === text)
    return this.#answers.get(query) ?? this.#evaluate(query)
  }

  #evaluate(query: string): boolean {
    const answer = withinBudget(LONGEST_EVALUATION_MS, () => {
      const start = threadTimeMs()
      this.#document ??= queryDocument(this.#info)
      return { answer: evaluateQuery(this.#document, query), tookMs: threadTimeMs() - start }
    })
    if (answer === undefined || ('reason' in answer && !answer.final)) return false
    const matches = 'matches' in answer && answer.matches
    const [oldest] = this.#answers.keys()
    if (oldest !== undefined && this.#answers.size >= this.#most) this.#answers.delete(oldest)
    if (this.#most > 0) this.#answers.set(query, matches)
    return matches
  }
}
