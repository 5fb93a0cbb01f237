import { setTimeout as setTimeoutAsync } from 'node:timers/promises'
import { PINO_LEVEL, levelIndex } from '../../wire/levels.js'
import * as ring from './log-ring-layout.js'

/** A line of more UTF-16 units is measured before it is placed; a shorter one is given the most it can need. */
const MEASURED = 1024

/** In how many parts a ring is divided: where one begins, the writer looks whether it can go back to the start. */
const PARTS = 128

/** Writes the log lines of one thread, its only writer. No call waits: what finds no place is counted and gone. */
export class LogRingWriter {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #times: Float64Array
  readonly #bytes: Buffer
  readonly #capacity: number
  #head: number
  /** TAIL as it was when last looked at: the reader can only have come further. */
  #tail: number
  #base: number
  /** The part of the last entry. */
  #part = 0
  #flushes = 0

  /** Attaches to a ring that was just allocated. */
  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer
    this.#words = new Int32Array(buffer)
    this.#times = new Float64Array(buffer)
    this.#bytes = Buffer.from(buffer)
    this.#capacity = buffer.byteLength - ring.ENTRIES
    this.#head = Atomics.load(this.#words, ring.HEAD)
    this.#tail = Atomics.load(this.#words, ring.TAIL)
    this.#base = Atomics.load(this.#words, ring.BASE)
  }

  /** Hands one line to the transport. False when there was no place; the last eighth is kept for warnings and worse. */
  write(source: number, pinoLevel: number, created: number, line: string): boolean {
    const text = line.length > this.#capacity / 8 ? shortened(line, this.#capacity / 2) : line
    const most = text.length > MEASURED ? Buffer.byteLength(text) : text.length * 3
    const kept = pinoLevel < PINO_LEVEL.warn ? this.#capacity / 8 : 0
    if (this.#put(source, Math.max(1, pinoLevel), created, text, most, kept)) return true
    Atomics.add(this.#words, ring.DROPPED + levelIndex(pinoLevel), 1)
    return false
  }

  /** Tells the transport what `source` stands for. False when there was no place. */
  define(source: number, definition: object): boolean {
    const text = JSON.stringify(definition)
    return this.#put(source, ring.DEFINITION, 0, text, text.length * 3, 0)
  }

  /** Resolves when the transport has delivered all that was written so far, or has given up; at the latest after `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    const wanted = ++this.#flushes
    const limit = { isOver: false }
    // Atomics.waitAsync keeps no thread alive, so this timer does; one timer, because a timed waitAsync leaves its own behind.
    let timer: NodeJS.Timeout | undefined
    const expiry = new Promise<void>(resolve => {
      timer = setTimeout(() => {
        limit.isOver = true
        resolve()
      }, timeoutMs)
    })
    while (!limit.isOver && !this.#put(wanted, ring.FLUSH, 0, '', 0, 0)) await setTimeoutAsync(5)
    for (;;) {
      const answered = Atomics.load(this.#words, ring.FLUSHED)
      if (answered >= wanted || limit.isOver) break
      const waiting = Atomics.waitAsync(this.#words, ring.FLUSHED, answered)
      if (waiting.async) await Promise.race([waiting.value, expiry])
    }
    clearTimeout(timer)
  }

  /** Says that this thread writes no more. */
  close(): void {
    Atomics.store(this.#words, ring.CLOSED, 1)
    // An entry, so that a reader that was just going to sleep sees HEAD move. In a full ring it is not asleep.
    this.#put(0, ring.FLUSH, 0, '', 0, 0)
  }

  #put(source: number, level: number, created: number, text: string, most: number, kept: number): boolean {
    const at = this.#reserve((ring.ENTRY_TEXT + most + 7) & ~7, kept)
    if (at < 0) return false
    const bytes = this.#bytes.write(text, at + ring.ENTRY_TEXT)
    const size = (ring.ENTRY_TEXT + bytes + 7) & ~7
    const word = at >> 2
    this.#words[word] = size
    this.#words[word + (ring.ENTRY_BYTES >> 2)] = bytes
    this.#words[word + (ring.ENTRY_SOURCE >> 2)] = source
    this.#words[word + (ring.ENTRY_LEVEL >> 2)] = level
    this.#times[(at + ring.ENTRY_TIME) >> 3] = created
    this.#publish(size)
    return true
  }

  /** The offset in the buffer of `size` free bytes in one piece, or -1 if fewer than `size + kept` are free. */
  #reserve(size: number, kept: number): number {
    const place = this.#place()
    const toEnd = this.#capacity - place
    const filler = size > toEnd ? toEnd : 0
    const wanted = filler + size + kept
    if (wanted > this.#free) {
      this.#tail = Atomics.load(this.#words, ring.TAIL)
      if (wanted > this.#free) return -1
    }
    if (filler === 0) return ring.ENTRIES + place
    const word = (ring.ENTRIES + place) >> 2
    this.#words[word] = filler
    this.#words[word + (ring.ENTRY_BYTES >> 2)] = ring.FILLER
    this.#publish(filler)
    return ring.ENTRIES
  }

  /** Where the next entry goes if it does not have to wrap. */
  #place(): number {
    const place = ((this.#head - this.#base) >>> 0) % this.#capacity
    const part = Math.floor((place / this.#capacity) * PARTS)
    if (part === this.#part) return place
    this.#part = part
    this.#tail = Atomics.load(this.#words, ring.TAIL)
    if (this.#tail !== this.#head) return place
    this.#part = 0
    this.#base = this.#head
    Atomics.store(this.#words, ring.BASE, this.#base)
    return 0
  }

  get #free(): number {
    return this.#capacity - ((this.#head - this.#tail) >>> 0)
  }

  #publish(size: number): void {
    this.#head = (this.#head + size) | 0
    Atomics.store(this.#words, ring.HEAD, this.#head)
    // The reader sets ASLEEP before it looks at HEAD a last time: one of the two sees the other.
    if (Atomics.load(this.#words, ring.ASLEEP) === 1) {
      Atomics.store(this.#words, ring.ASLEEP, 0)
      Atomics.notify(this.#words, ring.HEAD)
    }
  }
}

/** A line that is too long for the ring, as one that says so. */
function shortened(line: string, most: number): string {
  if (Buffer.byteLength(line) + ring.ENTRY_TEXT + 8 <= most) return line
  // A quarter, because JSON and UTF-8 may make up to three bytes of a unit, six of a control character (those are escaped already).
  const kept = line.slice(0, Math.floor(most / 8))
  return JSON.stringify({ msg: `${kept}... [${line.length - kept.length} characters cut]` })
}
