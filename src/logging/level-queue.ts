import { LEVEL_CLASSES, levelClass } from './log-ring-layout.js'

interface Queued {
  readonly level: number
  readonly bytes: number
}

interface Bucket<T> {
  items: { readonly order: number; readonly item: T }[]
  first: number
}

/** The most that waits for a log server that is away or slow. */
export interface QueueBound {
  readonly records: number
  readonly bytes: number
}

/** A bounded queue that, when full, loses the oldest of the lowest level first. Order is kept across levels. */
export class LevelQueue<T extends Queued> {
  readonly #bound: QueueBound
  /** One queue per level class, each in order; `first` is where it begins, so that taking the head costs nothing. */
  readonly #classes = Array.from({ length: LEVEL_CLASSES }, (): Bucket<T> => ({ items: [], first: 0 }))
  #order = 0
  #length = 0
  #bytes = 0
  /** Items elsewhere that count against the bound as well: sent, not yet confirmed. */
  readonly #elsewhere: () => { records: number; bytes: number }

  constructor(
    bound: QueueBound,
    elsewhere: () => { records: number; bytes: number } = () => ({ records: 0, bytes: 0 }),
  ) {
    this.#bound = bound
    this.#elsewhere = elsewhere
  }

  get length(): number {
    return this.#length
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Adds `item` at the end; returns what was lost for it, lowest level first, the item itself if nothing is lower. */
  push(item: T): T[] {
    const lost: T[] = []
    this.#add(item, ++this.#order)
    const { records, bytes } = this.#elsewhere()
    while (
      this.#length > 0 &&
      (this.#length + records > this.#bound.records || this.#bytes + bytes > this.#bound.bytes)
    ) {
      const lowest = this.#classes.find(({ items, first }) => items.length > first)
      if (!lowest) break
      lost.push(this.#take(lowest))
    }
    return lost
  }

  /** The oldest item, left in, or undefined. */
  peek(): T | undefined {
    const oldest = this.#oldest()
    return oldest?.items[oldest.first]?.item
  }

  /** The oldest item, taken out, or undefined. */
  shift(): T | undefined {
    const oldest = this.#oldest()
    return oldest && this.#take(oldest)
  }

  #oldest(): Bucket<T> | undefined {
    let oldest: Bucket<T> | undefined
    let order = Infinity
    for (const each of this.#classes) {
      const head = each.items[each.first]
      if (head && head.order < order) {
        oldest = each
        order = head.order
      }
    }
    return oldest
  }

  /** Puts items that were taken back before all others, in their order. */
  unshift(items: readonly T[]): void {
    let order = Math.min(0, ...this.#classes.map(({ items, first }) => items[first]?.order ?? 0)) - items.length
    for (const each of this.#classes) each.items.splice(0, each.first)
    for (const each of this.#classes) each.first = 0
    const back = items.map(item => ({ order: order++, item }))
    for (const [index, each] of this.#classes.entries()) {
      const own = back.filter(({ item }) => levelClass(item.level) === index)
      each.items = own.concat(each.items)
    }
    this.#length += items.length
    this.#bytes += items.reduce((sum, item) => sum + item.bytes, 0)
  }

  /** Everything still queued, in order; nothing is taken out. */
  peekAll(): T[] {
    return this.#classes
      .flatMap(({ items, first }) => items.slice(first))
      .sort((a, b) => a.order - b.order)
      .map(({ item }) => item)
  }

  #add(item: T, order: number): void {
    this.#classes[levelClass(item.level)]?.items.push({ order, item })
    this.#length++
    this.#bytes += item.bytes
  }

  #take(from: Bucket<T>): T {
    const head = from.items[from.first] as { order: number; item: T }
    from.first++
    // The dead part is cut off when it is the larger one: each item is moved once at most, on average.
    if (from.first > 64 && from.first * 2 > from.items.length) {
      from.items.splice(0, from.first)
      from.first = 0
    }
    this.#length--
    this.#bytes -= head.item.bytes
    return head.item
  }
}
