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

/** Lines on their way to the file, in order; beyond `most` bytes the oldest go. */
export class LineQueue {
  readonly #most: number
  readonly #lines: Lines[] = []
  #bytes = 0
  /** The first so many are being written. */
  #inFlight = 0
  /** The first of the lines is partly in the file. */
  #isTorn = false

  constructor(most: number) {
    this.#most = most
  }

  get bytes(): number {
    return this.#bytes
  }

  /** How many of the lines may not go any more. */
  get #begun(): number {
    return this.#isTorn ? Math.max(1, this.#inFlight) : this.#inFlight
  }

  /** Adds lines; returns how many records were dropped for them. */
  push(lines: Lines): number {
    this.#lines.push(lines)
    this.#bytes += lines.bytes.length
    let dropped = 0
    while (this.#bytes > this.#most && this.#lines.length > this.#begun + 1) {
      const [oldest] = this.#lines.splice(this.#begun, 1)
      if (!oldest) break
      this.#bytes -= oldest.bytes.length
      dropped += oldest.records
      oldest.onKept()
    }
    return dropped
  }

  /** Adds a line that belongs before all others and stands for `records` lost ones: dropped itself, it counts as so many. */
  pushReport(bytes: Buffer, records: number): void {
    const lines = [{ bytes: bytes.length, delivery: undefined }]
    this.#lines.splice(this.#begun, 0, { bytes, lines, records, onKept: NOTHING })
    this.#bytes += bytes.length
  }

  /** The oldest lines, up to about `most` bytes, or undefined. They stay until {@link LineQueue.take} is told how many were written. */
  peek(most: number): { readonly bytes: Buffer; readonly lines: readonly JournalLine[] } | undefined {
    let bytes = 0
    const chunk: Lines[] = []
    for (const lines of this.#lines) {
      if (chunk.length > 0 && bytes + lines.bytes.length > most) break
      chunk.push(lines)
      bytes += lines.bytes.length
    }
    this.#inFlight = chunk.length
    if (chunk.length === 0) return undefined
    return { bytes: Buffer.concat(chunk.map(({ bytes }) => bytes)), lines: chunk.flatMap(({ lines }) => lines) }
  }

  /** The first `count` bytes are in the file. */
  take(count: number): void {
    let left = count
    this.#bytes -= count
    let whole = 0
    for (const lines of this.#lines) {
      if (lines.bytes.length > left) break
      left -= lines.bytes.length
      whole++
    }
    for (const { onKept } of this.#lines.splice(0, whole)) onKept()
    const [first] = this.#lines
    if (first && left > 0) cut(first, left)
    if (count > 0) this.#isTorn = left > 0
    this.#inFlight = 0
  }

  /** Tells all who wait that their lines are kept, though not in the file yet. */
  keepAll(): void {
    for (const lines of this.#lines) {
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
