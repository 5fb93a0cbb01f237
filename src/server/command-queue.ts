import { Fifo } from '../system/fifo.js'

/** How long the commands of one connection run before the event loop turns: other clients must not wait for them. */
const SLICE_MS = 1
/** How long a full queue may run, in its own time, before its client is read from again: its STOP may be behind. */
const BRISK_MS = 250
/** A slice in which so many have run had quick ones: if it took longer, other processes had the processor. */
const QUICK_STEPS = 10

export interface CommandQueueOptions<T> {
  /** So many may wait. */
  readonly limit: number
  /** Runs one item. A promise holds the next ones back until it settles; it never rejects. */
  readonly step: (item: T) => Promise<void> | undefined
  /** Is told after each slice, when an item is held up by a promise, and when nothing waits any more. */
  readonly onTurn?: () => void
}

/** Runs what it is given one after the other, synchronous steps without a promise each, a millisecond at a time. */
export class CommandQueue<T extends object> {
  readonly #limit: number
  readonly #step: (item: T) => Promise<void> | undefined
  readonly #onTurn: () => void
  readonly #items = new Fifo<T>()
  #running = false
  #isHeld = false
  /** How long it has run since it was last half empty. */
  #crowdedMs = 0
  #steps = 0
  #wasSlow = false

  constructor({ limit, step, onTurn = () => undefined }: CommandQueueOptions<T>) {
    this.#limit = limit
    this.#step = step
    this.#onTurn = onTurn
  }

  /** How many items wait to be run. */
  get length(): number {
    return this.#items.length
  }

  /** True while it is full and will soon have room by itself: whoever fills it should pause. Never for long. */
  get isCrowded(): boolean {
    return this.#items.length >= this.#limit && !this.#isHeld && this.#crowdedMs < BRISK_MS
  }

  /** Takes an item; answers false, and has not taken it, when too many wait and will not be run soon. */
  offer(item: T): boolean {
    if (this.#items.length >= this.#limit) this.run()
    if (this.#items.length >= this.#limit && !this.isCrowded) return false
    this.#items.push(item)
    return true
  }

  /** Takes an item however many wait. */
  push(item: T): void {
    this.#items.push(item)
  }

  /** Forgets what waits; answers it. */
  clear(): T[] {
    return this.#items.takeAll()
  }

  /** Runs what waits for one slice, the rest in later turns, unless it is being done already. */
  run(): void {
    if (!this.#running) this.#turn()
  }

  #turn(): void {
    this.#running = true
    this.#steps = 0
    const startedAt = performance.now()
    this.#go(startedAt + SLICE_MS)
    if (this.#items.length < this.#limit / 2) this.#crowdedMs = 0
    else {
      // Slow commands make every slice slow; a processor that was taken away makes one slow.
      const isSlow = this.#steps < QUICK_STEPS
      this.#crowdedMs += isSlow && this.#wasSlow ? performance.now() - startedAt : SLICE_MS
      this.#wasSlow = isSlow
    }
    this.#onTurn()
  }

  /** Runs items until the slice is over, also those behind promises that settle within it. */
  #go(endsAt: number): void {
    do {
      const item = this.#items.shift()
      if (item === undefined) {
        this.#running = false
        return
      }
      this.#steps++
      const pending = this.#step(item)
      if (pending) {
        this.#isHeld = true
        void pending.then(() => {
          this.#isHeld = false
          // Promises that settle at once would otherwise run all that waits before any client is read from.
          if (performance.now() >= endsAt) setImmediate(() => this.#turn())
          else {
            this.#go(endsAt)
            this.#onTurn()
          }
        })
        return
      }
    } while (performance.now() < endsAt)
    setImmediate(() => this.#turn())
  }
}
