import type { Logger } from 'pino'

const WARNINGS_PER_S = 20

/** Keeps one client from flooding the log: so many warnings a second are written, the rest is counted. */
export class WarningBudget {
  readonly #logger: Logger
  #since = 0
  #written = 0
  #suppressed = 0

  constructor(logger: Logger) {
    this.#logger = logger
  }

  warn(fields: object, message: string): void {
    const now = performance.now()
    if (now - this.#since > 1000) {
      this.close()
      this.#since = now
      this.#written = 0
    }
    if (this.#written++ < WARNINGS_PER_S) this.#logger.warn(fields, message)
    else this.#suppressed++
  }

  /** Writes how many warnings were held back, if any. */
  close(): void {
    if (this.#suppressed > 0) this.#logger.warn({ suppressed: this.#suppressed }, 'warnings suppressed')
    this.#suppressed = 0
  }
}
