import type { FrameSink } from '../../engine.js'
import type { StreamInfo } from '../../stream-info.js'
import { RAW_STAMPS } from '../clock/stamp-filter.js'
import type { StampFilter } from '../clock/stamp-filter.js'
import { StringDecoder } from '../codec/decode-strings.js'
import { PATTERN_STAMP, stringPattern } from '../codec/test-pattern.js'
import type { FeedTerms } from '../handshake/feed-response.js'
import type { Intake } from './intake.js'
import type { ReceiveBuffer } from './receive-buffer.js'
import { TextQueue } from './text-queue.js'

/** Strings, as their bytes. */
export class TextIntake implements Intake {
  readonly longestFrame = 0
  readonly #info: StreamInfo
  readonly #filter: StampFilter
  readonly #queue: TextQueue
  #bigEndian = false
  #decoder: StringDecoder

  constructor(info: StreamInfo, queueFrames: number, filter: StampFilter) {
    this.#info = info
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

  begin({ bigEndian }: FeedTerms): void {
    this.#bigEndian = bigEndian
    this.#decoder = this.#newDecoder(this.#filter)
  }

  checkPattern(buffer: ReceiveBuffer): boolean | undefined {
    const decoder = this.#newDecoder(RAW_STAMPS)
    const texts: string[] = []
    let stamp = NaN
    const target = {
      put: (_: number, text: Uint8Array) => void texts.push(Buffer.from(text).toString('utf8')),
      endFrame: (time: number) => void (stamp = time),
    }
    const rows = decoder.decode(buffer.block, buffer.start, buffer.end, target, 1)
    if (rows === 0) return decoder.fault === undefined ? undefined : false
    buffer.start = decoder.offset
    return (
      stamp === PATTERN_STAMP && stringPattern(this.#info.channelCount).every((text, index) => text === texts[index])
    )
  }

  pull(buffer: ReceiveBuffer | undefined, sink: FrameSink): number {
    if (!('put' in sink)) throw new TypeError(`stream ${this.#info.toString()} needs a sink for strings`)
    if (this.#queue.length > 0) return this.#queue.take(sink)
    if (buffer === undefined || buffer.start === buffer.end) return 0
    const rows = this.#decoder.decode(buffer.block, buffer.start, buffer.end, sink, sink.maxChunk)
    buffer.start = this.#decoder.offset
    if (rows > 0) sink.publish()
    return rows
  }

  spill(buffer: ReceiveBuffer): void {
    this.#decoder.decode(buffer.block, buffer.start, buffer.end, this.#queue, Infinity)
    buffer.start = this.#decoder.offset
  }

  count(buffer: ReceiveBuffer): number {
    return this.#decoder.count(buffer.block, buffer.start, buffer.end)
  }

  clear(): number {
    return this.#queue.clear()
  }

  #newDecoder(filter: StampFilter): StringDecoder {
    return new StringDecoder(this.#info.channelCount, this.#info.nominalSrate, this.#bigEndian, filter)
  }
}
