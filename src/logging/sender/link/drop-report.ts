import { LEVELS, PINO_LEVEL, levelIndex } from '../../wire/levels.js'
import { pendingRecord } from '../pending-record.js'
import type { PendingRecord } from '../pending-record.js'
import { unixTimeS } from '../../wall-clock.js'

const REPORTS_MS = 1000
const SOURCE = { name: 'dareplane.logging', thread: 0, threadName: 'logging', isPrinted: false }

/** Counts what was lost on the way to one server and words the record that says so, at most once a second. */
export class DropReport {
  readonly #counts = LEVELS.map(() => 0)
  #isBroken = false
  #lastMs = -Infinity
  #later: NodeJS.Timeout | undefined

  /** Counts one lost record. */
  count(pinoLevel: number): void {
    const level = levelIndex(pinoLevel)
    this.#counts[level] = (this.#counts[level] ?? 0) + 1
  }

  /** Adds counts by level class. */
  add(counts: readonly number[]): void {
    for (const [level, count] of counts.entries()) this.#counts[level] = (this.#counts[level] ?? 0) + count
  }

  /** Notes that a connection broke to a server that confirms nothing: the last records may not have been read. */
  markBroken(): void {
    this.#isBroken = true
  }

  /** The record to send now, or undefined; `remind` is called when one that was held back is due. */
  take(remind: () => void): PendingRecord | undefined {
    const total = this.#counts.reduce((sum, count) => sum + count, 0)
    if (total === 0 && !this.#isBroken) return undefined
    const waitMs = this.#lastMs + REPORTS_MS - performance.now()
    if (waitMs > 0) {
      this.#later ??= setTimeout(() => {
        this.#later = undefined
        remind()
      }, waitMs)
      return undefined
    }
    const texts = []
    if (this.#isBroken) texts.push('the connection to the log server broke, records sent just before may be missing')
    if (total > 0) texts.push(`${total} log records were dropped: ${this.#wording()}`)
    this.#counts.fill(0)
    this.#isBroken = false
    this.#lastMs = performance.now()
    return pendingRecord(SOURCE, PINO_LEVEL.warn, unixTimeS(), JSON.stringify({ msg: texts.join('; ') }))
  }

  /** `5 DEBUG, 1 INFO`. */
  #wording(): string {
    const dropped = LEVELS.map(({ levelname }, level) => ({ levelname, count: this.#counts[level] ?? 0 }))
    return dropped
      .filter(({ count }) => count > 0)
      .map(({ levelname, count }) => `${count} ${levelname}`)
      .join(', ')
  }
}
