/** How long the commands of one connection run before the event loop turns: other clients must not wait for them. */
const SLICE_MS = 1
/** So many are run before the clock is looked at, which costs as much as a small command. */
const BATCH = 16

/**
 * Runs what it is given one after the other: a step that answers a promise holds the next ones back until it settles. Steps
 * never reject. Synchronous steps run at once, without a promise each.
 */
export class CommandQueue<T> {
  readonly #step: (item: T) => Promise<void> | undefined
  readonly #onIdle: () => void
  #items: T[] = []
  #next = 0
  #running = false

  constructor(step: (item: T) => Promise<void> | undefined, onIdle: () => void = () => undefined) {
    this.#step = step
    this.#onIdle = onIdle
  }

  /** How many items wait to be run. */
  get length(): number {
    return this.#items.length - this.#next
  }

  push(item: T): void {
    this.#items.push(item)
  }

  /** Forgets what waits; answers how many. */
  clear(): number {
    const dropped = this.length
    this.#items = []
    this.#next = 0
    return dropped
  }

  /** Runs what waits, unless it is being done already. */
  run(): void {
    if (!this.#running) this.#turn()
  }

  #turn(): void {
    this.#running = true
    const endsAt = performance.now() + SLICE_MS
    for (let i = 1; i % BATCH !== 0 || performance.now() < endsAt; i++) {
      const item = this.#items[this.#next]
      if (item === undefined) {
        this.clear()
        this.#running = false
        this.#onIdle()
        return
      }
      this.#next++
      const pending = this.#step(item)
      if (pending) {
        void pending.then(() => this.#turn())
        return
      }
    }
    setImmediate(() => this.#turn())
  }
}
