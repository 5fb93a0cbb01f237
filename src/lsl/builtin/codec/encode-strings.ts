import type { Block } from './encode-numeric.js'
import { STAMP_BYTES, TAG_DEDUCED, TAG_STAMPED } from './wire.js'

const NARROW = 0xff
const WIDE = 0xffffffff

function lengthBytes(length: number): number {
  if (length <= NARROW) return 1
  return length <= WIDE ? 4 : 8
}

/** Encodes one row of texts as UTF-8; `stamp` NaN is deduced, and then `firstStamp` is its true value. */
export function encodeStrings(row: readonly string[], stamp: number, firstStamp: number): Block {
  const lengths = row.map(text => Buffer.byteLength(text))
  const head = Number.isNaN(stamp) ? 1 : 1 + STAMP_BYTES
  const total = lengths.reduce((sum, length) => sum + 1 + lengthBytes(length) + length, head)
  const bytes = Buffer.allocUnsafe(total)
  bytes[0] = head === 1 ? TAG_DEDUCED : TAG_STAMPED
  if (head > 1) bytes.writeDoubleLE(stamp, 1)
  let at = head
  row.forEach((text, channel) => {
    const length = lengths[channel] ?? 0
    const width = lengthBytes(length)
    bytes[at++] = width
    if (width === 1) bytes[at] = length
    else if (width === 4) bytes.writeUInt32LE(length, at)
    else bytes.writeBigUInt64LE(BigInt(length), at)
    at += width
    at += bytes.write(text, at, 'utf8')
  })
  return { bytes, frames: 1, firstStamp }
}
