interface Lines {
  bytes: Buffer
  readonly records: number
  onKept: () => void
}

const NOTHING = (): void => undefined

/** Lines on their way to the file, in order; beyond `most` bytes the oldest go. */
export class LineQueue {
  readonly #most: number
  #lines: Lines[] = []
  #bytes = 0
  /** The first of the lines is partly in the file: it may not go. */
  #isBegun = false

  constructor(most: number) {
    this.#most = most
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Adds lines; returns how many records were dropped for them. */
  push(lines: Lines): number {
    this.#lines.push(lines)
    this.#bytes += lines.bytes.length
    let dropped = 0
    while (this.#bytes > this.#most && this.#lines.length > (this.#isBegun ? 2 : 1)) {
      const [oldest] = this.#lines.splice(this.#isBegun ? 1 : 0, 1)
      if (!oldest) break
      this.#bytes -= oldest.bytes.length
      dropped += oldest.records
      oldest.onKept()
    }
    return dropped
  }

  /** Adds a line that belongs before all others, but not into one that is partly written. */
  pushReport(bytes: Buffer): void {
    this.#lines.splice(this.#isBegun ? 1 : 0, 0, { bytes, records: 0, onKept: NOTHING })
    this.#bytes += bytes.length
  }

  /** The oldest lines, up to about `most` bytes, or undefined. */
  peek(most: number): Buffer | undefined {
    let bytes = 0
    const chunk: Buffer[] = []
    for (const lines of this.#lines) {
      if (chunk.length > 0 && bytes + lines.bytes.length > most) break
      chunk.push(lines.bytes)
      bytes += lines.bytes.length
    }
    return chunk.length === 0 ? undefined : Buffer.concat(chunk)
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
    const first = this.#lines[0]
    if (whole > 0) this.#isBegun = false
    if (!first || left === 0) return
    first.bytes = first.bytes.subarray(left)
    this.#isBegun = true
  }

  /** Tells all who wait that their lines are kept, though not in the file yet. */
  keepAll(): void {
    for (const lines of this.#lines) {
      lines.onKept()
      lines.onKept = NOTHING
    }
  }
}
