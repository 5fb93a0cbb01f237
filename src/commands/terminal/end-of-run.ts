import { startTimer } from '../../timer.js'

/** When a command ends: on Ctrl-C or SIGTERM, when whoever forked it closes the channel or dies, or after a time. Dispose it, or it keeps the process alive for that time. */
export class EndOfRun implements Disposable {
  readonly signal: AbortSignal
  readonly #controller = new AbortController()
  #timer: NodeJS.Timeout | undefined
  readonly #end = (): void => this.now()

  constructor() {
    this.signal = this.#controller.signal
    // Once: a second Ctrl-C ends the process at once, should closing ever hang.
    process.once('SIGINT', this.#end).once('SIGTERM', this.#end).once('disconnect', this.#end)
    // The listener would keep the channel, and so the process, alive.
    process.channel?.unref()
  }

  /** Ends it. Idempotent. */
  now(): void {
    this.#controller.abort()
  }

  /** Ends `seconds` from now; never where they are undefined. */
  after(seconds: number | undefined): this {
    clearTimeout(this.#timer)
    if (seconds !== undefined) this.#timer = startTimer(seconds * 1000, this.#end)
    return this
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    process.off('SIGINT', this.#end).off('SIGTERM', this.#end).off('disconnect', this.#end)
  }
}
