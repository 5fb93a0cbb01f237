import { LEVELS } from '../../wire/levels.js'
import * as ring from './log-ring-layout.js'

/** One entry of a log ring. `level` is a pino level, DEFINITION or FLUSH of the layout. */
export interface LogEntry {
  readonly source: number
  readonly level: number
  readonly created: number
  readonly text: string
}

/** Reads the log lines of one thread, its only reader. */
export class LogRingReader {
  readonly #words: Int32Array
  readonly #times: Float64Array
  readonly #bytes: Buffer
  readonly #capacity: number
  #tail: number
  /** HEAD as it was when last looked at: all entries before it are there. */
  #head: number
  #base = 0

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer)
    this.#times = new Float64Array(buffer)
    this.#bytes = Buffer.from(buffer)
    this.#capacity = buffer.byteLength - ring.ENTRIES
    this.#tail = Atomics.load(this.#words, ring.TAIL)
    this.#head = this.#tail
  }

  /** True when the writer has ended and nothing is left. */
  get isFinished(): boolean {
    return Atomics.load(this.#words, ring.CLOSED) === 1 && this.isEmpty
  }

  /** Says in the writer's stead that it has ended: its thread was terminated. The reader's thread only. */
  close(): void {
    Atomics.store(this.#words, ring.CLOSED, 1)
    Atomics.notify(this.#words, ring.HEAD)
  }

  get isEmpty(): boolean {
    return Atomics.load(this.#words, ring.HEAD) === this.#tail
  }

  /** The next entry, or undefined. Its place is given back by {@link release}. */
  next(): LogEntry | undefined {
    while (this.#hasNext()) {
      const at = ring.ENTRIES + (((this.#tail - this.#base) >>> 0) % this.#capacity)
      const size = this.#word(at, ring.ENTRY_SIZE)
      const bytes = this.#word(at, ring.ENTRY_BYTES)
      // Only one who looks at another's ring in a crash can meet a place that was written anew.
      if (size < ring.ENTRY_SOURCE || size > (this.#head - this.#tail) >>> 0) return undefined
      this.#tail = (this.#tail + size) | 0
      if (bytes === ring.FILLER) continue
      return {
        source: this.#word(at, ring.ENTRY_SOURCE),
        level: this.#word(at, ring.ENTRY_LEVEL),
        created: this.#times[(at + ring.ENTRY_TIME) >> 3] ?? 0,
        text: this.#bytes.toString('utf8', at + ring.ENTRY_TEXT, at + ring.ENTRY_TEXT + bytes),
      }
    }
    return undefined
  }

  /** Gives the place of all entries read so far back to the writer. */
  release(): void {
    Atomics.store(this.#words, ring.TAIL, this.#tail)
  }

  /** How many lines found no place since the last call, by level class, or undefined when none. */
  takeDropped(): number[] | undefined {
    const counts = LEVELS.map((_, level) => Atomics.exchange(this.#words, ring.DROPPED + level, 0))
    return counts.some(count => count > 0) ? counts : undefined
  }

  /** Resolves when there is something to read or the writer has ended. Does not keep the thread alive. */
  async wait(): Promise<void> {
    Atomics.store(this.#words, ring.ASLEEP, 1)
    if (Atomics.load(this.#words, ring.CLOSED) === 0) {
      const waiting = Atomics.waitAsync(this.#words, ring.HEAD, this.#tail)
      if (waiting.async) await waiting.value
    }
    Atomics.store(this.#words, ring.ASLEEP, 0)
  }

  /** Answers flush `number`. */
  answerFlush(number: number): void {
    Atomics.store(this.#words, ring.FLUSHED, number)
    Atomics.notify(this.#words, ring.FLUSHED)
  }

  #hasNext(): boolean {
    if (this.#head === this.#tail) {
      this.#head = Atomics.load(this.#words, ring.HEAD)
      this.#base = Atomics.load(this.#words, ring.BASE)
    }
    return this.#head !== this.#tail
  }

  #word(at: number, offset: number): number {
    return this.#words[(at + offset) >> 2] ?? 0
  }
}
