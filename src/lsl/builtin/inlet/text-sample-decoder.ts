import type { FrameSink } from '../../engine.js'
import type { StreamInfo } from '../../stream-info.js'
import { RAW_STAMPS } from '../clock/stamp-filter.js'
import type { StampFilter } from '../clock/stamp-filter.js'
import { StringDecoder } from '../codec/decode-strings.js'
import { PATTERN_STAMP, patternText } from '../codec/test-pattern.js'
import type { FeedTerms } from '../handshake/feed-response.js'
import type { SampleDecoder } from './sample-decoder.js'
import { ReceiveBuffer } from './receive-buffer.js'
import { TextQueue } from './text-queue.js'

/** Strings, as their bytes. */
export class TextSampleDecoder implements SampleDecoder {
  readonly buffer: ReceiveBuffer
  receiving = false
  readonly #info: StreamInfo
  readonly #filter: StampFilter
  readonly #queue: TextQueue
  #bigEndian = false
  #nominalSrate: number
  #decoder: StringDecoder
  /** Reads the test patterns of this connection. */
  #patternDecoder: StringDecoder | undefined

  constructor(info: StreamInfo, queueFrames: number, filter: StampFilter, bufferBytes?: number) {
    this.#info = info
    this.buffer = new ReceiveBuffer(0, bufferBytes)
    this.#nominalSrate = info.nominalSrate
    this.#filter = filter
    this.#queue = new TextQueue(queueFrames)
    this.#decoder = this.#newDecoder(filter)
  }

  get fault(): string | undefined {
    return this.#decoder.fault
  }

  get dropped(): number {
    return this.#queue.dropped
  }

  get queued(): number {
    return this.#queue.length
  }

  begin({ bigEndian }: FeedTerms, nominalSrate: number): void {
    this.#bigEndian = bigEndian
    this.#nominalSrate = nominalSrate
    this.#decoder = this.#newDecoder(this.#filter)
    this.#patternDecoder = undefined
  }

  checkPattern(): boolean | undefined {
    const { buffer } = this
    const decoder = (this.#patternDecoder ??= this.#newDecoder(RAW_STAMPS))
    let isRight = true
    const target = {
      put: (channel: number, text: Uint8Array) => void (isRight &&= isAscii(text, patternText(channel))),
      endFrame: (time: number) => void (isRight &&= time === PATTERN_STAMP),
    }
    const rows = decoder.decode(buffer.block, buffer.start, buffer.end, target, 1)
    if (rows === 0) return decoder.fault === undefined ? undefined : false
    buffer.start = decoder.offset
    return isRight
  }

  pull(sink: FrameSink): number {
    const { buffer } = this
    if (!('put' in sink)) throw new TypeError(`stream ${this.#info.toString()} needs a sink for strings`)
    if (this.#queue.length > 0) return this.#queue.take(sink)
    if (!this.receiving || buffer.isEmpty) return 0
    const rows = this.#decoder.decode(buffer.block, buffer.start, buffer.end, sink, sink.maxChunk)
    buffer.start = this.#decoder.offset
    if (rows > 0) sink.publish()
    return rows
  }

  spill(): void {
    const { buffer } = this
    if (!this.receiving || buffer.isEmpty) return
    this.#decoder.decode(buffer.block, buffer.start, buffer.end, this.#queue, Infinity)
    buffer.start = this.#decoder.offset
  }

  clear(): number {
    return this.#queue.clear()
  }

  #newDecoder(filter: StampFilter): StringDecoder {
    return new StringDecoder(this.#info.channelCount, this.#nominalSrate, this.#bigEndian, filter)
  }
}

/** Whether the bytes are this text of ASCII: of a pattern of millions no string is made. */
function isAscii(bytes: Uint8Array, text: string): boolean {
  if (bytes.length !== text.length) return false
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== text.charCodeAt(at)) return false
  return true
}
