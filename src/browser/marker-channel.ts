import type { Link } from './link.js'

/** In one message; the server takes no more. */
const BATCH = 256
/** Markers kept while there is no connection; beyond, push() throws: losing them in silence is no choice. */
const MOST_PENDING = 100_000

interface Pending {
  readonly seq: number
  /** This page's clock, ms: the stamp is computed when the offset of the clocks is known. */
  readonly atMs: number
  readonly text: string
  readonly delivered: () => void
}

/**
 * A marker stream that this page sends through the view: on the LSL clock by the measured offset, and each marker once, also over
 * a lost connection.
 */
export class MarkerChannel {
  readonly name: string
  readonly #link: Link
  readonly #sourceId: string
  readonly #page: string
  #pending: Pending[] = []
  #seq = 0
  /** Whether the server has said, over this connection, what it has. */
  #isOpen = false
  /** The newest that was sent over this connection. */
  #sent = 0

  constructor(link: Link, name: string, sourceId: string, page: string) {
    if (typeof name !== 'string' || name === '')
      throw new TypeError(`name must be a non-empty string, got ${JSON.stringify(name)}`)
    this.#link = link
    this.name = name
    this.#sourceId = sourceId
    this.#page = page
    this.opened()
  }

  get sourceId(): string {
    return this.#sourceId
  }

  /** Markers that the server has not confirmed. */
  get pending(): number {
    return this.#pending.length
  }

  /**
   * Sends `text` as of `atMs` on this page's clock (performance.now(), as the time stamps of its events are). Resolves when the
   * server has it.
   */
  push(text: string, atMs: number = performance.now()): Promise<void> {
    if (typeof text !== 'string') throw new TypeError(`text must be a string, got ${typeof text}`)
    if (!Number.isFinite(atMs)) throw new RangeError(`atMs must be milliseconds of performance.now(), got ${atMs}`)
    if (this.#pending.length >= MOST_PENDING)
      throw new RangeError(`${MOST_PENDING} markers of ${this.name} wait for a connection`)
    return new Promise(delivered => {
      this.#pending.push({ seq: ++this.#seq, atMs, text, delivered })
      this.#flush()
    })
  }

  /** @internal A connection has been made: what the server has is asked for, and the rest said again. */
  opened(): void {
    this.#isOpen = false
    this.#link.send({ type: 'outlet', name: this.name, sourceId: this.#sourceId, page: this.#page })
  }

  /** @internal The server has everything up to `seq`. */
  acknowledged(seq: number): void {
    const rest = this.#pending.findIndex(item => item.seq > seq)
    const done = this.#pending.splice(0, rest === -1 ? this.#pending.length : rest)
    for (const { delivered } of done) delivered()
    if (!this.#isOpen) this.#sent = seq
    this.#isOpen = true
    this.#flush()
  }

  /** @internal The clock offset is known now, or may be. */
  tick(): void {
    this.#flush()
  }

  #flush(): void {
    if (!this.#isOpen || !this.#link.clock.isKnown) return
    for (;;) {
      const unsent = this.#pending.filter(({ seq }) => seq > this.#sent).slice(0, BATCH)
      const last = unsent.at(-1)
      if (last === undefined) return
      const items = unsent.map(({ seq, atMs, text }) => [seq, this.#link.clock.at(atMs), text] as const)
      if (!this.#link.send({ type: 'push', sourceId: this.#sourceId, page: this.#page, items })) return
      this.#sent = last.seq
    }
  }
}
