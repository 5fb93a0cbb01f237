import type { StampFilter } from '../clock/stamp-filter.js'
import type { ByteBlock } from './byte-views.js'
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
  /** Of the row that was not whole the last time: how many texts were measured, and how many bytes those take. */
  #measuredTexts = 0
  #measuredBytes = 0

  constructor(channels: number, nominalSrate: number, bigEndian: boolean, filter: StampFilter) {
    this.#channels = channels
    this.#periodS = nominalSrate === 0 ? 0 : 1 / nominalSrate
    this.#little = !bigEndian
    this.#filter = filter
    this.#starts = new Float64Array(channels)
    this.#ends = new Float64Array(channels)
  }

  /**
   * Gives the whole rows of `block` between `start` and `end` to `target`, at most `room`; answers how many. What is left comes
   * again, with more behind it.
   */
  decode(block: ByteBlock, start: number, end: number, target: TextTarget, room: number): number {
    let rows = 0
    this.offset = start
    while (rows < room && this.offset < end && this.fault === undefined) {
      const after = this.#measure(block, this.offset, end)
      if (after < 0) break
      const deduced = block.bytes[this.offset] === TAG_DEDUCED
      this.#stamp = deduced ? this.#stamp + this.#periodS : block.view.getFloat64(this.offset + 1, this.#little)
      for (let channel = 0; channel < this.#channels; channel++)
        target.put(
          channel,
          block.bytes.subarray(this.#textAt(this.#starts, channel), this.#textAt(this.#ends, channel)),
        )
      target.endFrame(this.#filter.apply(this.#stamp))
      this.offset = after
      rows++
    }
    return rows
  }

  #textAt(places: Float64Array, channel: number): number {
    return this.offset + (places[channel] ?? 0)
  }

  /**
   * Notes where the texts of the row at `row` begin and end, from its own begin; answers where the row ends, -1 if that was not
   * received yet. Goes on where it has stopped: a long row comes in many pieces.
   */
  #measure({ bytes, view }: ByteBlock, row: number, end: number): number {
    let at = row + (this.#measuredBytes || (bytes[row] === TAG_DEDUCED ? 1 : 1 + STAMP_BYTES))
    let channel = this.#measuredTexts
    for (; channel < this.#channels && at < end; channel++) {
      const width = bytes[at] ?? 0
      if (width !== 1 && width !== 2 && width !== 4 && width !== 8) {
        this.fault = `a text's length is said to take ${width} bytes`
        return -1
      }
      const text = at + 1 + width
      if (text > end) break
      const after = text + this.#length(view, at + 1, width)
      if (after - row > LONGEST_ROW) {
        this.fault = `a row is said to take ${after - row} bytes`
        return -1
      }
      this.#starts[channel] = text - row
      this.#ends[channel] = after - row
      at = after
    }
    const isWhole = channel === this.#channels && at <= end
    this.#measuredTexts = isWhole ? 0 : channel
    this.#measuredBytes = isWhole ? 0 : at - row
    return isWhole ? at : -1
  }

  #length(view: DataView, at: number, width: number): number {
    if (width === 1) return view.getUint8(at)
    if (width === 2) return view.getUint16(at, this.#little)
    return width === 4 ? view.getUint32(at, this.#little) : Number(view.getBigUint64(at, this.#little))
  }
}
