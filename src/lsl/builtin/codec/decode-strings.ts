import type { StampFilter } from '../clock/stamp-filter.js'
import type { ByteBlock } from './byte-block.js'
import { STAMP_BYTES, TAG_DEDUCED } from './wire.js'

/** What can take the texts of a row: a sink, or the queue before it. */
export interface TextTarget {
  put(channel: number, text: Uint8Array): void
  endFrame(time: number): void
}

/** No row of a sane stream is longer; a longer one is noise, and reading it would fill the memory. */
const LONGEST_ROW = 256 * 1024 * 1024

/** Reads the rows of one connection to a string stream. */
export class StringDecoder {
  /** Where the next row of the block begins, after {@link StringDecoder.decode}. */
  offset = 0
  /** What is wrong with the bytes; nothing is decoded any more. */
  fault: string | undefined
  readonly #channels: number
  readonly #periodS: number
  readonly #little: boolean
  readonly #filter: StampFilter
  readonly #ends: Float64Array
  readonly #starts: Float64Array
  #stamp = 0

  constructor(channels: number, nominalSrate: number, bigEndian: boolean, filter: StampFilter) {
    this.#channels = channels
    this.#periodS = nominalSrate === 0 ? 0 : 1 / nominalSrate
    this.#little = !bigEndian
    this.#filter = filter
    this.#starts = new Float64Array(channels)
    this.#ends = new Float64Array(channels)
  }

  /** Whole rows of `block` between `start` and `end`. */
  count(block: ByteBlock, start: number, end: number): number {
    let rows = 0
    for (let at = start; at < end && this.fault === undefined; rows++) {
      at = this.#measure(block, at, end)
      if (at < 0) break
    }
    return rows
  }

  /** Gives the whole rows of `block` between `start` and `end` to `target`, at most `room`; answers how many. */
  decode(block: ByteBlock, start: number, end: number, target: TextTarget, room: number): number {
    let rows = 0
    this.offset = start
    while (rows < room && this.offset < end && this.fault === undefined) {
      const after = this.#measure(block, this.offset, end)
      if (after < 0) break
      const deduced = block.bytes[this.offset] === TAG_DEDUCED
      this.#stamp = deduced ? this.#stamp + this.#periodS : block.view.getFloat64(this.offset + 1, this.#little)
      for (let channel = 0; channel < this.#channels; channel++)
        target.put(channel, block.bytes.subarray(this.#starts[channel], this.#ends[channel]))
      target.endFrame(this.#filter.apply(this.#stamp))
      this.offset = after
      rows++
    }
    return rows
  }

  /** Notes where the texts of the row at `at` begin and end; answers where the row ends, -1 if that was not received yet. */
  #measure({ bytes, view }: ByteBlock, row: number, end: number): number {
    let at = row + (bytes[row] === TAG_DEDUCED ? 1 : 1 + STAMP_BYTES)
    for (let channel = 0; channel < this.#channels; channel++) {
      if (at >= end) return -1
      const width = bytes[at++] ?? 0
      if (width !== 1 && width !== 2 && width !== 4 && width !== 8) {
        this.fault = `a text's length is said to take ${width} bytes`
        return -1
      }
      if (at + width > end) return -1
      const length = this.#length(view, at, width)
      at += width
      this.#starts[channel] = at
      at += length
      this.#ends[channel] = at
      if (at - row > LONGEST_ROW) {
        this.fault = `a row is said to take ${at - row} bytes`
        return -1
      }
    }
    return at > end ? -1 : at
  }

  #length(view: DataView, at: number, width: number): number {
    if (width === 1) return view.getUint8(at)
    if (width === 2) return view.getUint16(at, this.#little)
    return width === 4 ? view.getUint32(at, this.#little) : Number(view.getBigUint64(at, this.#little))
  }
}
