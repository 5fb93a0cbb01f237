import { PREFIX } from './frame.js'

const FIRST_BYTES = 4 * 1024

/** Cuts a stream of any segmentation into frames. Memory follows what has arrived, never what a length announces. */
export class FrameDecoder {
  readonly #most: number
  /** An unfinished frame with its length; `#filled` bytes of it are there. */
  #rest: Buffer = Buffer.alloc(0)
  #filled = 0

  /** Frames of more than `most` bytes are refused. */
  constructor(most: number) {
    this.#most = most
  }

  /** Memory that a frame which has not ended takes up. */
  get allocated(): number {
    return this.#rest.length
  }

  /**
   * The bodies that `chunk` completes, valid until the next call, and the length of a frame that was refused: nothing after
   * it can be read, the connection has to go.
   */
  push(chunk: Buffer): { bodies: Buffer[]; refused?: number } {
    const bodies: Buffer[] = []
    let bytes = chunk
    while (bytes.length > 0) {
      if (this.#filled === 0 && bytes.length >= PREFIX) {
        const length = bytes.readUInt32BE(0)
        if (length > this.#most) return { bodies, refused: length }
        if (bytes.length >= PREFIX + length) {
          bodies.push(bytes.subarray(PREFIX, PREFIX + length))
          bytes = bytes.subarray(PREFIX + length)
          continue
        }
      }
      const wanted = this.#filled < PREFIX ? PREFIX : PREFIX + this.#rest.readUInt32BE(0)
      const part = bytes.subarray(0, wanted - this.#filled)
      this.#keep(part, wanted)
      bytes = bytes.subarray(part.length)
      if (this.#filled < PREFIX) continue
      const length = this.#rest.readUInt32BE(0)
      if (length > this.#most) return { bodies, refused: length }
      if (this.#filled < PREFIX + length) continue
      bodies.push(this.#rest.subarray(PREFIX, PREFIX + length))
      this.#rest = Buffer.alloc(0)
      this.#filled = 0
    }
    return { bodies }
  }

  /** Grows by doubling, so that a frame that comes byte by byte costs no more than its length. */
  #keep(part: Buffer, wanted: number): void {
    const needed = this.#filled + part.length
    if (needed > this.#rest.length) {
      const grown = Buffer.allocUnsafe(
        Math.max(needed, Math.min(wanted, Math.max(FIRST_BYTES, this.#rest.length * 2)), PREFIX),
      )
      this.#rest.copy(grown, 0, 0, this.#filled)
      this.#rest = grown
    }
    part.copy(this.#rest, this.#filled)
    this.#filled = needed
  }
}
