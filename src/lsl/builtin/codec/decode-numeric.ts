import type { NumericFormat } from '../../../channel-format.js'
import { bytesPerValue } from '../../../channel-format.js'
import type { ByteBlock } from './byte-views.js'
import type { StampFilter } from '../clock/stamp-filter.js'
import type { NumericTarget } from './numeric-target.js'
import { flushSubnormals } from './subnormals.js'
import { STAMP_BYTES, swapBytes, TAG_DEDUCED } from './wire.js'

/** Frames up to this many words are read word by word, longer ones by `set`, whose view costs about 100 ns a frame. */
const WORD_BY_WORD = 64

export interface WireOrder {
  readonly bigEndian: boolean
  readonly suppressSubnormals: boolean
}

/** Reads the samples of one connection to a numeric stream, straight into the memory of their reader. */
export class NumericDecoder {
  /** Where the next sample of the block begins, after {@link NumericDecoder.decode}. */
  offset = 0
  readonly #channels: number
  readonly #valueBytes: number
  readonly #frameBytes: number
  readonly #format: NumericFormat
  readonly #periodS: number
  readonly #order: WireOrder
  readonly #filter: StampFilter
  #stamp = 0

  constructor(format: NumericFormat, channels: number, nominalSrate: number, order: WireOrder, filter: StampFilter) {
    this.#format = format
    this.#channels = channels
    this.#valueBytes = bytesPerValue(format)
    this.#frameBytes = channels * this.#valueBytes
    this.#periodS = nominalSrate === 0 ? 0 : 1 / nominalSrate
    this.#order = order
    this.#filter = filter
  }

  /** Whole samples of `block` between `start` and `end`. */
  count({ bytes }: ByteBlock, start: number, end: number): number {
    let frames = 0
    for (let at = start; at < end; frames++) {
      at += (bytes[at] === TAG_DEDUCED ? 1 : 1 + STAMP_BYTES) + this.#frameBytes
      if (at > end) break
    }
    return frames
  }

  /** Writes the whole samples of `block` between `start` and `end` to `target`, from `slot`, at most `room`; answers how many. */
  decode(block: ByteBlock, start: number, end: number, target: NumericTarget, slot: number, room: number): number {
    const { bytes, view } = block
    const { words, times } = target
    const size = words.BYTES_PER_ELEMENT
    const frameBytes = this.#frameBytes
    const perFrame = frameBytes / size
    const little = !this.#order.bigEndian
    let stamp = this.#stamp
    let at = start
    let frames = 0
    while (frames < room && at < end) {
      const deduced = bytes[at] === TAG_DEDUCED
      const values = at + (deduced ? 1 : 1 + STAMP_BYTES)
      if (values + frameBytes > end) break
      stamp = deduced ? stamp + this.#periodS : view.getFloat64(at + 1, little)
      if (!little) swapBytes(bytes, values, this.#channels, this.#valueBytes)
      let word = (slot + frames) * perFrame
      if (perFrame > WORD_BY_WORD) {
        target.bytes.set(bytes.subarray(values, values + frameBytes), word * size)
      } else if (size === 4) {
        for (let i = 0; i < frameBytes; i += 4) words[word++] = view.getInt32(values + i, true)
      } else if (size === 2) {
        for (let i = 0; i < frameBytes; i += 2) words[word++] = view.getInt16(values + i, true)
      } else {
        for (let i = 0; i < frameBytes; i++) words[word++] = bytes[values + i] ?? 0
      }
      times[slot + frames] = this.#filter.apply(stamp)
      at = values + frameBytes
      frames++
    }
    if (this.#order.suppressSubnormals) flushSubnormals(words, this.#format, slot * perFrame, frames * perFrame)
    this.#stamp = stamp
    this.offset = at
    return frames
  }
}
