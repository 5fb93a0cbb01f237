import { HEADER_BYTES, readHeader } from './frame-block.js'
import type { BlockHeader } from './frame-block.js'

/** Puts blocks together again, from whatever pieces the pipe gives. */
export class BlockReader {
  readonly #take: (header: BlockHeader, payload: Buffer) => void
  #pieces: Buffer[] = []
  #bytes = 0

  constructor(take: (header: BlockHeader, payload: Buffer) => void) {
    this.#take = take
  }

  push(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#bytes += piece.length
    for (;;) {
      if (this.#bytes < HEADER_BYTES) return
      if ((this.#pieces[0]?.length ?? 0) < HEADER_BYTES) this.#join()
      const first = this.#pieces[0] ?? Buffer.alloc(0)
      const header = readHeader(first)
      const end = HEADER_BYTES + header.bytes
      if (this.#bytes < end) return
      const whole = first.length < end ? this.#join() : first
      if (whole.length === end) this.#pieces.shift()
      else this.#pieces[0] = whole.subarray(end)
      this.#bytes -= end
      this.#take(header, whole.subarray(HEADER_BYTES, end))
    }
  }

  #join(): Buffer {
    const whole = Buffer.concat(this.#pieces)
    this.#pieces = [whole]
    return whole
  }
}
