import type { Logger } from 'pino'
import type { Command } from '../wire/command.js'
import { WarningBudget } from './warning-budget.js'

/** Undecodable commands a second beyond which a client is talking something else. */
const MAX_DECODE_ERRORS_PER_S = 100

/** Says in the log what is wrong with the commands of one client, and not more of it than the log can bear. */
export class Complaints {
  readonly #budget: WarningBudget
  #decodeErrors = 0
  #decodeErrorsSince = 0

  constructor(logger: Logger) {
    this.#budget = new WarningBudget(logger)
  }

  /** Takes a command that could not be understood. Answers false when there are too many that are not even text. */
  hear(command: Exclude<Command, { kind: 'call' }>, piece: string): boolean {
    switch (command.kind) {
      case 'unknown':
        this.#budget.warn({ text: command.text.slice(0, 200) }, 'unknown command')
        return true
      case 'invalid':
        this.#budget.warn(
          { pcomm: command.name, reason: command.reason },
          'command not run, its arguments cannot be read',
        )
        return true
      case 'undecodable':
        if (!this.#mayBeText()) return false
        this.#budget.warn({ bytes: piece.length }, 'command is not text')
        return true
      case 'blank':
        return true
    }
  }

  /** Takes a command that came while the server was closing. */
  retired(piece: string): void {
    this.#budget.warn({ text: piece.slice(0, 200) }, 'command not run, the server is closing')
  }

  /** Says how much was not said. */
  close(): void {
    this.#budget.close()
  }

  #mayBeText(): boolean {
    const now = performance.now()
    if (now - this.#decodeErrorsSince > 1000) {
      this.#decodeErrorsSince = now
      this.#decodeErrors = 0
    }
    return ++this.#decodeErrors <= MAX_DECODE_ERRORS_PER_S
  }
}
