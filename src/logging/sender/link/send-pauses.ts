/**
 * How fast records go to a server that confirms none. Python's takes a length that arrives in two parts for the end of the
 * connection and hangs up; the kernel cuts the stream in the middle of a frame only when more waits there than the window of
 * the connection holds (64 KiB at first). So no more is sent at a time than it reads in a moment: some 5000 records a second.
 */
const BYTES = 16 * 1024
const EVERY_MS = 8

/** Says when to pause. */
export class SendPauses {
  #left = BYTES
  #pause: NodeJS.Timeout | undefined

  get isPausing(): boolean {
    return this.#pause !== undefined
  }

  /** Counts what was sent; when that is enough, pauses, and calls `goOn` afterwards. */
  spend(bytes: number, goOn: () => void): void {
    this.#left -= bytes
    if (this.#left > 0 || this.isPausing) return
    this.#pause = setTimeout(() => {
      this.reset()
      goOn()
    }, EVERY_MS)
  }

  /** Ends a pause at once. */
  reset(): void {
    clearTimeout(this.#pause)
    this.#pause = undefined
    this.#left = BYTES
  }
}
