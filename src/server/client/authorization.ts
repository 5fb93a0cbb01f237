import { TimeLimit } from '../../system/time-limit.js'
import { isAuthorized } from './token.js'

/** Whether a client may command: at once where no token is asked for, else when its first word in time is the right one. */
export class Authorization {
  readonly #token: string | undefined
  readonly #limit: TimeLimit
  #granted: boolean

  constructor(token: string | undefined, limitMs: number, onTooLate: () => void) {
    this.#token = token
    this.#granted = token === undefined
    this.#limit = new TimeLimit(limitMs, onTooLate)
    if (!this.#granted) this.#limit.start()
  }

  get granted(): boolean {
    return this.#granted
  }

  /** Takes the first word; answers whether it was the right one. */
  hear(piece: string): boolean {
    this.#granted = isAuthorized(piece, this.#token)
    if (this.#granted) this.close()
    return this.#granted
  }

  /** Stops the clock. Idempotent. */
  close(): void {
    this.#limit.stop()
  }
}
