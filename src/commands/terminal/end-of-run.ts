/** When a command ends: on Ctrl-C or SIGTERM, or after a time. Dispose it, or it keeps the process alive for that time. */
export class EndOfRun implements Disposable {
  readonly signal: AbortSignal
  readonly #controller = new AbortController()
  #timer: NodeJS.Timeout | undefined
  readonly #end = (): void => this.#controller.abort()

  constructor() {
    this.signal = this.#controller.signal
    // Once: a second Ctrl-C ends the process at once, should closing ever hang.
    process.once('SIGINT', this.#end).once('SIGTERM', this.#end)
  }

  /** Ends `seconds` from now; never where they are undefined. */
  after(seconds: number | undefined): this {
    clearTimeout(this.#timer)
    if (seconds !== undefined) this.#timer = setTimeout(this.#end, Math.min(seconds * 1000, 2 ** 31 - 1))
    return this
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    process.off('SIGINT', this.#end).off('SIGTERM', this.#end)
  }
}
