import { startTimer } from '../timer.js'

/**
 * A limit on how long nothing may be heard. When a process was suspended, or was busy, its timers come before bytes that
 * have long arrived: the limit has only passed when those were read and have not ended it. Infinity is no limit.
 */
export class TimeLimit {
  readonly #ms: number
  readonly #onPassed: () => void
  #timer: NodeJS.Timeout | undefined
  #reading: NodeJS.Immediate | undefined

  constructor(ms: number, onPassed: () => void) {
    this.#ms = ms
    this.#onPassed = onPassed
  }

  get isRunning(): boolean {
    return this.#timer !== undefined
  }

  /** Begins, or begins anew. */
  start(): void {
    this.stop()
    this.#timer = startTimer(this.#ms, () => (this.#reading = setImmediate(() => this.#pass())))
  }

  /** Idempotent. */
  stop(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#reading)
    this.#timer = undefined
  }

  #pass(): void {
    this.#timer = undefined
    this.#onPassed()
  }
}
