import type { Block } from './encode-numeric.js'
import { STAMP_BYTES, swapBytes, TAG_DEDUCED } from './wire.js'

/** The same samples for a big-endian consumer: stamps, values and lengths reversed, in a copy. */
export function swapBlock(block: Block, channels: number, valueBytes: number | undefined): Block {
  const bytes = Uint8Array.from(block.bytes)
  let at = 0
  for (let frame = 0; frame < block.frames; frame++) {
    const stamped = bytes[at++] !== TAG_DEDUCED
    if (stamped) swapBytes(bytes, at, 1, STAMP_BYTES)
    if (stamped) at += STAMP_BYTES
    if (valueBytes !== undefined) {
      swapBytes(bytes, at, channels, valueBytes)
      at += channels * valueBytes
      continue
    }
    for (let channel = 0; channel < channels; channel++) {
      const width = bytes[at++] ?? 0
      const view = new DataView(bytes.buffer, bytes.byteOffset + at, width)
      const length =
        width === 8 ? Number(view.getBigUint64(0, true)) : width === 4 ? view.getUint32(0, true) : view.getUint8(0)
      swapBytes(bytes, at, 1, width)
      at += width + length
    }
  }
  return { ...block, bytes }
}
