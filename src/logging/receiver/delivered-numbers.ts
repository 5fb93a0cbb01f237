import type { Delivery } from '../wire/delivery.js'

const MOST_SENDERS = 4096

/** Remembers, per sender, the last record that was taken, so that one that is sent again is taken once. */
export class DeliveredNumbers implements Iterable<Delivery> {
  readonly #last = new Map<string, number>();

  [Symbol.iterator](): Iterator<Delivery> {
    return this.#last[Symbol.iterator]()
  }

  /** True when `sender` sends record `number` for the first time. */
  isNew([sender, number]: Delivery): boolean {
    const last = this.#last.get(sender)
    if (last !== undefined && number <= last) return false
    // Deleted and set again, the sender becomes the last of the map, so that the one that is silent longest is first.
    this.#last.delete(sender)
    this.#last.set(sender, number)
    if (this.#last.size > MOST_SENDERS) {
      const [oldest] = this.#last.keys()
      if (oldest !== undefined) this.#last.delete(oldest)
    }
    return true
  }
}
