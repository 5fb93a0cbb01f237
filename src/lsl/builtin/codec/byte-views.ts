/** Bytes that were received, with a view to read numbers at any offset. */
export interface ByteBlock {
  readonly bytes: Uint8Array
  readonly view: DataView
}

export function byteBlock(bytes: Uint8Array): ByteBlock {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
}
