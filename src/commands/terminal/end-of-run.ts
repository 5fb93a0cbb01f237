/** When a command ends: on Ctrl-C or SIGTERM, or after `seconds`. Dispose it, or it keeps the process alive. */
export class EndOfRun implements Disposable {
  readonly signal: AbortSignal
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout | undefined
  readonly #end = (): void => this.#controller.abort()

  constructor(seconds?: number) {
    this.signal = this.#controller.signal
    // Once: a second Ctrl-C ends the process at once, should closing ever hang.
    process.once('SIGINT', this.#end).once('SIGTERM', this.#end)
    if (seconds !== undefined) this.#timer = setTimeout(this.#end, seconds * 1000)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    process.off('SIGINT', this.#end).off('SIGTERM', this.#end)
  }
}
