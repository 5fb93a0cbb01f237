import { byteBlock } from '../codec/byte-block.js'
import type { ByteBlock } from '../codec/byte-block.js'

/**
 * The one buffer that a connection is read into. What was not taken yet lies between `start` and `end`; the next read lands
 * right after it, so every sample is whole in one piece. Grows for a sample that is longer than the buffer.
 */
export class ReceiveBuffer {
  block: ByteBlock
  start = 0
  end = 0

  constructor(bytes: number) {
    this.block = byteBlock(Buffer.allocUnsafeSlow(bytes))
  }

  /** Where the next read goes. */
  next(): Uint8Array {
    const { bytes } = this.block
    if (this.start === this.end) {
      this.start = 0
      this.end = 0
      return bytes
    }
    const size = bytes.byteLength
    if (size - this.end < size / 2) {
      bytes.copyWithin(0, this.start, this.end)
      this.end -= this.start
      this.start = 0
      if (this.end > size / 2) {
        this.block = byteBlock(Buffer.allocUnsafeSlow(size * 2))
        this.block.bytes.set(bytes.subarray(0, this.end))
      }
    }
    return this.block.bytes.subarray(this.end)
  }
}
