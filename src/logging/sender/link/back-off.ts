const FIRST_MS = 100
const MOST_MS = 5000

/** Waits before the next try, longer after each that failed, and not all clients of a server alike. */
export class BackOff {
  #failures = 0
  #timer: NodeJS.Timeout | undefined

  get isWaiting(): boolean {
    return this.#timer !== undefined
  }

  /** Calls `tryAgain` after 0.1 s at first, after 5 s at most. */
  schedule(tryAgain: () => void): void {
    const delayMs = Math.min(MOST_MS, FIRST_MS * 2 ** this.#failures++)
    this.#timer = setTimeout(tryAgain, delayMs * (0.75 + Math.random() / 4))
  }

  /** Ends the wait: the next try is now. */
  cancel(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** A try has succeeded. */
  reset(): void {
    this.#failures = 0
  }
}
