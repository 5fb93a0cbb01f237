import type { Logger } from 'pino'

/** Counts the commands of one client that are not run for want of room, and says so when it begins and when it is over. */
export class Refusals {
  readonly #logger: Logger
  #count = 0

  constructor(logger: Logger) {
    this.#logger = logger
  }

  add(waiting: number): void {
    if (this.#count++ === 0) this.#logger.warn({ waiting }, 'too many commands wait, more are not run')
  }

  /** There is room again, or the client has gone. */
  close(): void {
    if (this.#count > 0) this.#logger.warn({ refused: this.#count }, 'commands were not run, too many waited')
    this.#count = 0
  }
}
