import { Fifo } from '../../system/fifo.js'
import type { JournalLine } from './delivery-journal.js'

interface Lines {
  bytes: Buffer
  /** What `bytes` is made of. */
  readonly lines: JournalLine[]
  /** How many are lost when it is dropped. */
  readonly records: number
  onKept: () => void
}

const NOTHING = (): void => undefined

/** Lines on their way to the file, in order; beyond `most` bytes the oldest that wait are dropped. */
export class LineQueue {
  readonly #most: number
  readonly #waiting = new Fifo<Lines>()
  /** Lines that are being written, or that are partly in the file. They are not dropped, and no line is put before them. */
  #begun: readonly Lines[] = []
  #bytes = 0
  /** The first of the lines that were begun is partly in the file. */
  #isTorn = false

  constructor(most: number) {
    this.#most = most
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Adds lines; returns how many records were dropped for them. */
  push(lines: Lines): number {
    this.#waiting.push(lines)
    this.#bytes += lines.bytes.length
    let dropped = 0
    while (this.#bytes > this.#most && this.#waiting.length > 1) {
      const oldest = this.#waiting.shift()
      if (!oldest) break
      this.#bytes -= oldest.bytes.length
      dropped += oldest.records
      oldest.onKept()
    }
    return dropped
  }

  /** Adds a line before all that wait, which stands for `records` lost ones: dropped itself, it counts as so many. */
  pushReport(bytes: Buffer, records: number): void {
    const lines = [{ bytes: bytes.length, delivery: undefined }]
    this.#waiting.unshift([{ bytes, lines, records, onKept: NOTHING }])
    this.#bytes += bytes.length
  }

  /** The oldest lines, up to about `most` bytes, or undefined. They stay until {@link LineQueue.take} is told how many were written. */
  peek(most: number): { readonly bytes: Buffer; readonly lines: readonly JournalLine[] } | undefined {
    const begun = [...this.#begun]
    let bytes = begun.reduce((sum, lines) => sum + lines.bytes.length, 0)
    for (let next = this.#waiting.peek(); next; next = this.#waiting.peek()) {
      if (begun.length > 0 && bytes + next.bytes.length > most) break
      bytes += next.bytes.length
      begun.push(next)
      this.#waiting.shift()
    }
    this.#begun = begun
    if (begun.length === 0) return undefined
    return { bytes: Buffer.concat(begun.map(({ bytes }) => bytes)), lines: begun.flatMap(({ lines }) => lines) }
  }

  /** The first `count` bytes of what was peeked at are in the file; the rest waits again. */
  take(count: number): void {
    this.#bytes -= count
    let left = count
    let whole = 0
    for (const { bytes } of this.#begun) {
      if (bytes.length > left) break
      left -= bytes.length
      whole++
    }
    const written = this.#begun.slice(0, whole)
    const rest = this.#begun.slice(whole)
    const [first] = rest
    if (first && left > 0) cut(first, left)
    if (count > 0) this.#isTorn = left > 0
    const torn = this.#isTorn ? 1 : 0
    this.#begun = rest.slice(0, torn)
    this.#waiting.unshift(rest.slice(torn))
    for (const { onKept } of written) onKept()
  }

  /** Tells all who wait that their lines are kept, though not in the file yet. */
  keepAll(): void {
    for (const lines of [...this.#begun, ...this.#waiting]) {
      lines.onKept()
      lines.onKept = NOTHING
    }
  }
}

/** The first `count` bytes of `lines` are in the file. */
function cut(lines: Lines, count: number): void {
  lines.bytes = lines.bytes.subarray(count)
  let left = count
  for (let line = lines.lines.shift(); line !== undefined; line = lines.lines.shift()) {
    left -= line.bytes
    if (left >= 0) continue
    lines.lines.unshift({ ...line, bytes: -left })
    return
  }
}
