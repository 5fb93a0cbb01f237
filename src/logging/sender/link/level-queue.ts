import { Fifo } from '../../../system/fifo.js'
import { LEVELS, levelIndex } from '../../wire/levels.js'

interface Queued {
  readonly level: number
  readonly bytes: number
}

interface Ordered<T> {
  readonly order: number
  readonly item: T
}

/** The most that waits for a log server that is away or slow. */
export interface QueueBound {
  readonly records: number
  readonly bytes: number
}

/** A bounded queue that, when full, loses the oldest of the lowest level first. Order is kept across levels. */
export class LevelQueue<T extends Queued> {
  readonly #bound: QueueBound
  /** One queue per level, each in order. */
  readonly #levels = LEVELS.map(() => new Fifo<Ordered<T>>())
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
      const lowest = this.#levels.find(level => level.length > 0)
      const item = lowest && this.#take(lowest)
      if (!item) break
      lost.push(item)
    }
    return lost
  }

  /** The oldest item, left in, or undefined. */
  peek(): T | undefined {
    return this.#oldest()?.peek()?.item
  }

  /** The oldest item, taken out, or undefined. */
  shift(): T | undefined {
    const oldest = this.#oldest()
    return oldest && this.#take(oldest)
  }

  #oldest(): Fifo<Ordered<T>> | undefined {
    let oldest: Fifo<Ordered<T>> | undefined
    let order = Infinity
    for (const level of this.#levels) {
      const head = level.peek()
      if (head && head.order < order) {
        oldest = level
        order = head.order
      }
    }
    return oldest
  }

  /** Puts items that were taken back before all others, in their order. */
  unshift(items: readonly T[]): void {
    let order = Math.min(0, ...this.#levels.map(level => level.peek()?.order ?? 0)) - items.length
    const back = items.map(item => ({ order: order++, item }))
    for (const [index, level] of this.#levels.entries()) {
      level.unshift(back.filter(({ item }) => levelIndex(item.level) === index))
    }
    this.#length += items.length
    this.#bytes += items.reduce((sum, item) => sum + item.bytes, 0)
  }

  /** Everything still queued, in order; nothing is taken out. */
  peekAll(): T[] {
    return this.#levels
      .flatMap(level => [...level])
      .sort((a, b) => a.order - b.order)
      .map(({ item }) => item)
  }

  #add(item: T, order: number): void {
    this.#levels[levelIndex(item.level)]?.push({ order, item })
    this.#length++
    this.#bytes += item.bytes
  }

  #take(from: Fifo<Ordered<T>>): T | undefined {
    const item = from.shift()?.item
    if (item === undefined) return undefined
    this.#length--
    this.#bytes -= item.bytes
    return item
  }
}
