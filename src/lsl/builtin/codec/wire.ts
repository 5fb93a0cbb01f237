/** Facts of protocol 1.10 on the wire; spec: docs/lsl.md. */
export const PROTOCOL_VERSION = 110
/** First byte of a sample whose stamp is not sent: the one before plus one period. */
export const TAG_DEDUCED = 1
/** First byte of a sample whose stamp follows, 8 bytes. */
export const TAG_STAMPED = 2
export const STAMP_BYTES = 8
/** Tag and stamp before the values. */
export const HEAD_BYTES = 1 + STAMP_BYTES
/** As a stamp given to push: let the inlet compute it. */
export const DEDUCED = -1

/** The unit in which values are moved: bits are never read as floats, so NaN payloads survive. */
export type Words = Int8Array | Int16Array | Int32Array

/** The memory of `array` as words of its values' size, 4 bytes at most. */
export function wordsOver(array: ArrayBufferView & { readonly BYTES_PER_ELEMENT: number }): Words {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = array
  if (BYTES_PER_ELEMENT === 1) return new Int8Array(buffer, byteOffset, byteLength)
  if (BYTES_PER_ELEMENT === 2) return new Int16Array(buffer, byteOffset, byteLength / 2)
  return new Int32Array(buffer, byteOffset, byteLength / 4)
}

/** Reverses the bytes of each of `count` values of `size` bytes, in place. */
export function swapBytes(bytes: Uint8Array, start: number, count: number, size: number): void {
  for (let value = start; value < start + count * size; value += size) bytes.subarray(value, value + size).reverse()
}
