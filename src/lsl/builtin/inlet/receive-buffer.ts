import { byteBlock } from '../codec/byte-views.js'
import type { ByteBlock } from '../codec/byte-views.js'

/** Large reads save system calls; of what slow streams do not fill the system gives no memory. */
const SMALLEST_BUFFER = 256 * 1024
const LARGEST_BUFFER = 1024 * 1024
const FRAMES_PER_BUFFER = 32

function usualBytes(longestFrame: number): number {
  return Math.max(SMALLEST_BUFFER, Math.min(LARGEST_BUFFER, FRAMES_PER_BUFFER * longestFrame))
}

/**
 * The one buffer that a connection is read into. What was not taken yet lies between `start` and `end`; the next read lands
 * right after it, so every sample is whole in one piece. Grows for a sample that is longer than the buffer.
 */
export class ReceiveBuffer {
  block: ByteBlock
  start = 0
  end = 0

  /** For samples of `longestFrame` bytes, 0 where that is not known; of `wanted` bytes to begin with. */
  constructor(longestFrame: number, wanted = usualBytes(longestFrame)) {
    this.block = byteBlock(Buffer.allocUnsafeSlow(Math.max(wanted, 2 * longestFrame)))
  }

  /** Whether something was received and not taken. */
  get isEmpty(): boolean {
    return this.start === this.end
  }

  /** Forgets what was not taken. */
  clear(): void {
    this.start = 0
    this.end = 0
  }

  /** Where the next read goes. */
  next(): Uint8Array {
    const { bytes } = this.block
    if (this.isEmpty) {
      this.clear()
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
