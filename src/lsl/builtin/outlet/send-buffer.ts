import type { Socket } from 'node:net'
import type { ChannelFormat } from '../../../channel-format.js'
import { encodeNumeric } from '../codec/encode-numeric.js'
import type { Block } from '../codec/encode-numeric.js'
import { encodeStrings } from '../codec/encode-strings.js'
import { swapBlock } from '../codec/swap-bytes.js'
import { isNumeric, numericPattern, PATTERN_OFFSETS, PATTERN_STAMP, stringPattern } from '../codec/test-pattern.js'
import type { FeedRequest } from '../handshake/feed-request.js'
import { ConsumerQueue } from './consumer-queue.js'
import type { Shape } from './consumer-queue.js'

export interface SendBufferOptions {
  readonly shape: Shape
  /** Samples kept for a slow inlet that asks for no less. */
  readonly capacity: number
  readonly chunkFrames: number
  /** Inlets have come or gone. */
  readonly changed?: () => void
}

/** All inlets that are subscribed to one outlet. */
export class SendBuffer {
  readonly #format: ChannelFormat
  readonly #options: SendBufferOptions
  readonly #feeds = new Map<Socket, ConsumerQueue>()
  #droppedBefore = 0

  constructor(format: ChannelFormat, options: SendBufferOptions) {
    this.#format = format
    this.#options = options
  }

  get size(): number {
    return this.#feeds.size
  }

  /** Samples that slow inlets did not get, those of inlets that left included. */
  get dropped(): number {
    let dropped = this.#droppedBefore
    for (const feed of this.#feeds.values()) dropped += feed.dropped
    return dropped
  }

  /**
   * Answers a subscription with `head` and the test patterns. Samples pushed from now on follow; none is missed. Answers false for
   * an inlet that wants none.
   */
  add(socket: Socket, head: string, request: FeedRequest, bigEndian: boolean): boolean {
    const { shape, chunkFrames, capacity } = this.#options
    const patterns = this.#patterns().map(
      block => (bigEndian ? swapBlock(block, shape.channels, shape.valueBytes) : block).bytes,
    )
    socket.write(Buffer.concat([Buffer.from(head, 'latin1'), ...patterns]))
    // An inlet that wants to buffer nothing gets nothing, as from liblsl.
    if (request.maxBufferFrames === 0) return false
    const feed = new ConsumerQueue(socket, shape, {
      bigEndian,
      capacity: Math.min(request.maxBufferFrames, capacity),
      chunkFrames: request.maxChunkFrames || chunkFrames,
    })
    this.#feeds.set(socket, feed)
    const leave = (): void => {
      if (!this.#feeds.delete(socket)) return
      this.#droppedBefore += feed.dropped
      this.#options.changed?.()
    }
    socket.on('close', leave)
    socket.on('end', leave)
    this.#options.changed?.()
    return true
  }

  send(block: Block, flush: boolean): void {
    for (const feed of this.#feeds.values()) feed.send(block, flush)
  }

  /** Sends what waits and says goodbye to all. */
  end(): void {
    for (const feed of this.#feeds.values()) {
      feed.end()
      this.#droppedBefore += feed.dropped
    }
    this.#feeds.clear()
    this.#options.changed?.()
  }

  #patterns(): Block[] {
    const { channels } = this.#options.shape
    const format = this.#format
    if (!isNumeric(format)) {
      const block = encodeStrings(stringPattern(channels), PATTERN_STAMP, PATTERN_STAMP)
      return PATTERN_OFFSETS.map(() => block)
    }
    return PATTERN_OFFSETS.map(offset => {
      const values = numericPattern(format, channels, offset)
      return encodeNumeric(values, channels, 0, 1, Float64Array.of(PATTERN_STAMP), PATTERN_STAMP)
    })
  }
}
