import type { SampleArray } from '../../../channel-format.js'
import { HEAD_BYTES, STAMP_BYTES, TAG_DEDUCED, TAG_STAMPED, wordsOver } from './wire.js'

/** Frames up to this many words are copied word by word, longer ones by `set`, whose views cost about 100 ns a frame. */
const WORD_BY_WORD = 64

/** Encoded samples that travel together. Immutable: every consumer of the outlet sends the same bytes. */
export interface Block {
  readonly bytes: Uint8Array
  readonly frames: number
  /** The stamp of the first sample, whether it is sent or deduced. */
  readonly firstStamp: number
}

/** Most bytes of one block: what a slow consumer drops is counted by frames, but freed by blocks. */
export const BLOCK_BYTES = 256 * 1024

/**
 * Encodes rows [`first`, `first + frames`) of `data`. `stamps[i]` is what is sent with the i-th of them, NaN for a deduced
 * stamp, whose true value only `firstStamp` tells.
 */
export function encodeNumeric(
  data: SampleArray,
  channels: number,
  first: number,
  frames: number,
  stamps: Float64Array,
  firstStamp: number,
): Block {
  const words = wordsOver(data)
  const size = words.BYTES_PER_ELEMENT
  const perFrame = (channels * data.BYTES_PER_ELEMENT) / size
  const bytes = Buffer.allocUnsafe(frames * (HEAD_BYTES + perFrame * size))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const source = new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
  let at = 0
  for (let frame = 0; frame < frames; frame++) {
    const stamp = stamps[frame] ?? NaN
    if (Number.isNaN(stamp)) {
      bytes[at++] = TAG_DEDUCED
    } else {
      bytes[at] = TAG_STAMPED
      view.setFloat64(at + 1, stamp, true)
      at += 1 + STAMP_BYTES
    }
    let word = (first + frame) * perFrame
    if (perFrame > WORD_BY_WORD) {
      bytes.set(source.subarray(word * size, (word + perFrame) * size), at)
      at += perFrame * size
    } else if (size === 4) {
      for (let i = 0; i < perFrame; i++, at += 4) view.setInt32(at, words[word++] ?? 0, true)
    } else if (size === 2) {
      for (let i = 0; i < perFrame; i++, at += 2) view.setInt16(at, words[word++] ?? 0, true)
    } else {
      for (let i = 0; i < perFrame; i++) view.setInt8(at++, words[word++] ?? 0)
    }
  }
  return { bytes: bytes.subarray(0, at), frames, firstStamp }
}
