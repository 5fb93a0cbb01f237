import { Fifo } from '../../../system/fifo.js'
import type { PendingRecord } from '../pending-record.js'

/** What is known of the server at the other end: it confirms records (ours), it does not (Python's), or not yet. */
export type PeerKind = 'unknown' | 'confirms' | 'silent'

const WINDOW = { records: 2048, bytes: 1024 * 1024 }

interface SentRecord {
  readonly record: PendingRecord
  written: boolean
}

/** The records that were given to a connection and may still have to be sent again on the next one. */
export class SentRecords {
  peer: PeerKind = 'unknown'
  readonly #entries = new Fifo<SentRecord>()
  #bytes = 0

  get size(): { records: number; bytes: number } {
    return { records: this.#entries.length, bytes: this.#bytes }
  }

  /** True while a server that confirms is so far behind that no more should follow. */
  get isFull(): boolean {
    return this.peer === 'confirms' && this.#isOverfull
  }

  /** True when the kernel has all of them: a server that confirms nothing cannot do more. */
  get isWritten(): boolean {
    return this.#entries.peekLast()?.written ?? true
  }

  get #isOverfull(): boolean {
    return this.size.records >= WINDOW.records || this.#bytes >= WINDOW.bytes
  }

  /** Remembers `record` as sent; the answer is to be called when the kernel has it. */
  add(record: PendingRecord): () => void {
    const entry = { record, written: false }
    this.#entries.push(entry)
    this.#bytes += record.bytes
    return () => {
      entry.written = true
      if (this.peer === 'silent') this.#forget(first => first.written)
      if (this.peer === 'unknown') this.#forget(first => first.written && this.#isOverfull)
    }
  }

  /** Forgets all up to `number`: the server has them. */
  confirm(number: number): void {
    this.peer = 'confirms'
    this.#forget(({ record }) => (record.number ?? 0) <= number)
  }

  /** The server confirms nothing: what the kernel has counts as delivered. */
  expectNothing(): void {
    this.peer = 'silent'
    this.#forget(first => first.written)
  }

  /** Everything not known to be delivered, in order; this object is then empty. */
  takeAll(): PendingRecord[] {
    this.#bytes = 0
    return this.#entries.takeAll().map(({ record }) => record)
  }

  /** The same, nothing taken out. */
  peekAll(): PendingRecord[] {
    return Array.from(this.#entries, ({ record }) => record)
  }

  #forget(isDone: (entry: Readonly<SentRecord>) => boolean): void {
    for (let entry = this.#entries.peek(); entry && isDone(entry); entry = this.#entries.peek()) {
      this.#bytes -= entry.record.bytes
      this.#entries.shift()
    }
  }
}
