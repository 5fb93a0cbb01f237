/** Slots of items that were handed out are cut off beyond so many, and only when they are half of all: each item moves once at most. */
const KEPT_SLOTS = 32

/** A queue, first in first out, that keeps nothing of what it has handed out: its memory follows what waits in it. */
export class Fifo<T> {
  #items: (T | undefined)[] = []
  #first = 0

  get length(): number {
    return this.#items.length - this.#first
  }

  push(item: T): void {
    this.#items.push(item)
  }

  /** Puts items before all others, in their order. Costs as much as all that waits. */
  unshift(items: readonly T[]): void {
    if (items.length === 0) return
    this.#items = [...items, ...this.#items.slice(this.#first)]
    this.#first = 0
  }

  /** The oldest item, left in. */
  peek(): T | undefined {
    return this.#items[this.#first]
  }

  /** The newest item, left in. */
  peekLast(): T | undefined {
    return this.length === 0 ? undefined : this.#items.at(-1)
  }

  /** The oldest item, taken out; undefined when there is none. */
  shift(): T | undefined {
    if (this.length === 0) return undefined
    const item = this.#items[this.#first]
    this.#items[this.#first++] = undefined
    if (this.#first > KEPT_SLOTS && this.#first * 2 > this.#items.length) {
      this.#items.splice(0, this.#first)
      this.#first = 0
    }
    return item
  }

  /** Takes out all; answers them, oldest first. */
  takeAll(): T[] {
    const items = [...this]
    this.#items = []
    this.#first = 0
    return items
  }

  /** From the oldest to the newest, nothing is taken out. */
  *[Symbol.iterator](): Generator<T> {
    for (let i = this.#first; i < this.#items.length; i++) yield this.#items[i] as T
  }
}
