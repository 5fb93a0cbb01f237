import type { Block } from './encode-numeric.js'
import { STAMP_BYTES, TAG_DEDUCED, TAG_STAMPED } from './wire.js'

/** The block without its first `frames` samples, fewer than it has; each sample has `frameBytes` of values. */
export function skipFrames(block: Block, frames: number, frameBytes: number, periodS: number): Block {
  const { bytes } = block
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  let stamp = block.firstStamp
  for (let frame = 0; frame < frames; frame++) {
    at += (bytes[at] === TAG_DEDUCED ? 1 : 1 + STAMP_BYTES) + frameBytes
    stamp = bytes[at] === TAG_DEDUCED ? stamp + periodS : view.getFloat64(at + 1, true)
  }
  return { bytes: bytes.subarray(at), frames: block.frames - frames, firstStamp: stamp }
}

/** The block with its first stamp sent, for a consumer that did not get the sample before it. */
export function withFirstStamp(block: Block): Block {
  if (block.bytes[0] !== TAG_DEDUCED) return block
  const bytes = Buffer.allocUnsafe(block.bytes.byteLength + STAMP_BYTES)
  bytes[0] = TAG_STAMPED
  bytes.writeDoubleLE(block.firstStamp, 1)
  bytes.set(block.bytes.subarray(1), 1 + STAMP_BYTES)
  return { ...block, bytes }
}
