import type { Socket } from 'node:net'
import { localClock } from '../../../clock.js'
import { BLOCK_BYTES } from '../codec/encode-numeric.js'
import type { Block } from '../codec/encode-numeric.js'
import { skipFrames, withFirstStamp } from '../codec/skip-frames.js'
import { swapBlock } from '../codec/swap-bytes.js'

/** What the samples of an outlet look like. */
export interface Shape {
  readonly channels: number
  /** undefined for strings. */
  readonly valueBytes: number | undefined
  readonly periodS: number
}

export interface ConsumerQueueOptions {
  readonly bigEndian: boolean
  /** Samples that may wait for a slow inlet. */
  readonly capacity: number
  /** Samples that are sent together at the latest; 0: when the pusher says so. */
  readonly chunkFrames: number
}

/** A second write within this time is put off to the end of the turn: a loop of pushes then costs one system call. */
const COALESCE_S = 200e-6

/** One subscribed inlet: the samples that wait for it, oldest dropped when they are too many, and the sending of them. */
export class ConsumerQueue {
  /** Samples that were dropped because the inlet did not keep up. */
  dropped = 0
  readonly #socket: Socket
  readonly #shape: Shape
  readonly #options: ConsumerQueueOptions
  readonly #blocks: Block[] = []
  #waiting = 0
  #unflushed = 0
  #due = false
  #writing = false
  #scheduled = false
  #lastWrite = 0
  /** Whether the inlet has the sample before the next one, so that a deduced stamp means something to it. */
  #follows = false

  constructor(socket: Socket, shape: Shape, options: ConsumerQueueOptions) {
    this.#socket = socket
    this.#shape = shape
    this.#options = options
  }

  /** Queues `block`; `flush` sends it and all before it as soon as the socket takes them. Never blocks. */
  send(block: Block, flush: boolean): void {
    this.#blocks.push(block)
    this.#waiting += block.frames
    this.#unflushed += block.frames
    const { chunkFrames, capacity } = this.#options
    if (flush || (chunkFrames > 0 && this.#unflushed >= chunkFrames)) {
      this.#unflushed = 0
      this.#due = true
    }
    if (this.#waiting > capacity) this.#drop(this.#waiting - capacity)
    if (!this.#due || this.#writing) return
    if (localClock() - this.#lastWrite > COALESCE_S) {
      this.#write()
    } else if (!this.#scheduled) {
      this.#scheduled = true
      process.nextTick(this.#writeScheduled)
    }
  }

  /** Hands all that waits to the socket, and says goodbye. */
  end(): void {
    this.#due = true
    while (this.#blocks.length > 0 && this.#socket.writable) {
      this.#writing = false
      this.#write()
    }
    this.#socket.end()
  }

  readonly #writeScheduled = (): void => {
    this.#scheduled = false
    if (this.#due && !this.#writing) this.#write()
  }

  readonly #written = (): void => {
    if (this.#socket.writableLength > 0) return
    this.#writing = false
    if (this.#due && this.#blocks.length > 0) this.#write()
  }

  /** Hands blocks to the socket until it keeps some back; the rest waits here, where it can be dropped. */
  #write(): void {
    const { channels, valueBytes } = this.#shape
    while (this.#blocks.length > 0 && !this.#writing) {
      const blocks = this.#take()
      const [first] = blocks
      if (first !== undefined && !this.#follows) blocks[0] = withFirstStamp(first)
      this.#follows = true
      const parts = blocks.map(
        block => (this.#options.bigEndian ? swapBlock(block, channels, valueBytes) : block).bytes,
      )
      const [only = new Uint8Array(0)] = parts
      this.#writing = true
      this.#socket.write(parts.length === 1 ? only : Buffer.concat(parts), this.#written)
      if (this.#socket.writableLength === 0) this.#writing = false
    }
    if (this.#blocks.length === 0) this.#due = false
    this.#lastWrite = localClock()
  }

  /** The next blocks that make one write. */
  #take(): Block[] {
    let bytes = 0
    let count = 0
    for (const block of this.#blocks) {
      if (count > 0 && bytes + block.bytes.byteLength > BLOCK_BYTES) break
      bytes += block.bytes.byteLength
      this.#waiting -= block.frames
      count++
    }
    return this.#blocks.splice(0, count)
  }

  #drop(frames: number): void {
    this.dropped += frames
    this.#waiting -= frames
    this.#follows = false
    const { channels, valueBytes = 0, periodS } = this.#shape
    let left = frames
    let count = 0
    for (const block of this.#blocks) {
      if (block.frames > left) break
      left -= block.frames
      count++
    }
    this.#blocks.splice(0, count)
    const [head] = this.#blocks
    if (head !== undefined && left > 0) this.#blocks[0] = skipFrames(head, left, channels * valueBytes, periodS)
  }
}
