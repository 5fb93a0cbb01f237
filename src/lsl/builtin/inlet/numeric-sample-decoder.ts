import { allocateSamples, bytesPerValue } from '../../../channel-format.js'
import type { NumericFormat } from '../../../channel-format.js'
import type { FrameSink, NumericSink } from '../../engine.js'
import type { StreamInfo } from '../../stream-info.js'
import { RAW_STAMPS } from '../clock/stamp-filter.js'
import type { StampFilter } from '../clock/stamp-filter.js'
import { NumericDecoder } from '../codec/decode-numeric.js'
import { numericTarget } from '../codec/numeric-target.js'
import type { NumericTarget } from '../codec/numeric-target.js'
import { numericPattern, PATTERN_STAMP } from '../codec/test-pattern.js'
import { HEAD_BYTES, wordsOver } from '../codec/wire.js'
import type { FeedTerms } from '../handshake/feed-response.js'
import { FrameQueue } from './frame-queue.js'
import type { SampleDecoder } from './sample-decoder.js'
import { ReceiveBuffer } from './receive-buffer.js'

/** Numbers: decoded once, straight into the sink, or into the queue when nobody pulls. */
export class NumericSampleDecoder implements SampleDecoder {
  readonly fault = undefined
  receiving = false
  readonly buffer: ReceiveBuffer
  readonly #format: NumericFormat
  readonly #info: StreamInfo
  readonly #filter: StampFilter
  readonly #queue: FrameQueue
  #terms: FeedTerms | undefined
  #nominalSrate: number
  #decoder: NumericDecoder
  /** The sink of the last pull and its memory, which rarely changes. */
  #sink: NumericSink | undefined
  #target: NumericTarget | undefined

  constructor(format: NumericFormat, info: StreamInfo, queueFrames: number, filter: StampFilter, bufferBytes?: number) {
    this.#format = format
    this.#info = info
    this.#filter = filter
    this.#queue = new FrameQueue(format, info.channelCount, queueFrames)
    this.buffer = new ReceiveBuffer(HEAD_BYTES + info.channelCount * bytesPerValue(format), bufferBytes)
    this.#nominalSrate = info.nominalSrate
    this.#decoder = this.#newDecoder(filter)
  }

  get dropped(): number {
    return this.#queue.dropped
  }

  get queued(): number {
    return this.#queue.length
  }

  begin(terms: FeedTerms, nominalSrate: number): void {
    this.#terms = terms
    this.#nominalSrate = nominalSrate
    this.#decoder = this.#newDecoder(this.#filter)
  }

  checkPattern(offset: number): boolean | undefined {
    const { channelCount } = this.#info
    const { buffer } = this
    const values = allocateSamples(this.#format, channelCount)
    const target = numericTarget(values, new Float64Array(1))
    const decoder = this.#newDecoder(RAW_STAMPS)
    if (decoder.decode(buffer.block, buffer.start, buffer.end, target, 0, 1) === 0) return undefined
    buffer.start = decoder.offset
    const expected = wordsOver(numericPattern(this.#format, channelCount, offset))
    return target.times[0] === PATTERN_STAMP && expected.every((word, index) => word === target.words[index])
  }

  pull(sink: FrameSink): number {
    if (!('samples' in sink)) throw new TypeError(`stream ${this.#info.toString()} needs a sink for numbers`)
    if (this.#queue.length > 0) return this.#queue.take(sink)
    if (!this.receiving || this.buffer.isEmpty) return 0
    if (this.#sink !== sink || this.#target === undefined) {
      this.#sink = sink
      this.#target = numericTarget(sink.samples, sink.times)
    }
    const frames = this.#decode(this.#target, sink.position(), sink.maxChunk)
    if (frames > 0) sink.publish(frames)
    return frames
  }

  spill(): void {
    if (!this.receiving || this.buffer.isEmpty) return
    this.#queue.fill((target, slot, room) => this.#decode(target, slot, room))
  }

  clear(): number {
    return this.#queue.clear()
  }

  #decode(target: NumericTarget, slot: number, room: number): number {
    const { buffer } = this
    const frames = this.#decoder.decode(buffer.block, buffer.start, buffer.end, target, slot, room)
    buffer.start = this.#decoder.offset
    return frames
  }

  #newDecoder(filter: StampFilter): NumericDecoder {
    const order = this.#terms ?? { bigEndian: false, suppressSubnormals: false }
    return new NumericDecoder(this.#format, this.#info.channelCount, this.#nominalSrate, order, filter)
  }
}
