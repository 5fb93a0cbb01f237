import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { SampleArray } from '../../../channel-format.js'
import { bytesPerValue } from '../../../channel-format.js'
import { localClock } from '../../../clock.js'
import { DareplaneError } from '../../../errors.js'
import type { EngineOutlet, OutletOptions } from '../../engine.js'
import { StreamInfo } from '../../stream-info.js'
import { BLOCK_BYTES, encodeNumeric } from '../codec/encode-numeric.js'
import { encodeStrings } from '../codec/encode-strings.js'
import { HEAD_BYTES } from '../codec/wire.js'
import type { LslConfig } from '../config/lsl-config.js'
import { Feeds } from './feeds.js'
import { OutletNetwork } from './outlet-network.js'
import { Stamper } from './stamper.js'

/** What liblsl takes "seconds" of an irregular stream for. */
const IRREGULAR_SAMPLES_PER_S = 100

/** An outlet on this thread's event loop. Pushing encodes once, whatever the number of inlets, and never blocks. */
export class BuiltinOutlet implements EngineOutlet {
  readonly info: StreamInfo
  readonly #feeds: Feeds
  readonly #network: OutletNetwork
  readonly #stamper: Stamper
  /** Most frames of a block. */
  readonly #blockFrames: number
  #closing: Promise<void> | undefined

  constructor(info: StreamInfo, options: OutletOptions, config: LslConfig) {
    this.info = new StreamInfo({
      ...info.fields,
      uid: randomUUID(),
      createdAt: localClock(),
      hostname: hostname(),
      sessionId: config.sessionId,
      version: 1.1,
      v4address: '',
      v6address: '',
    })
    const { channelFormat, channelCount: channels, nominalSrate } = this.info
    const valueBytes = channelFormat === 'string' ? undefined : bytesPerValue(channelFormat)
    this.#stamper = new Stamper(nominalSrate, config.forceDefaultTimestamps)
    this.#blockFrames = Math.max(1, Math.floor(BLOCK_BYTES / (HEAD_BYTES + channels * (valueBytes ?? 0))))
    this.#feeds = new Feeds(channelFormat, {
      shape: { channels, valueBytes, periodS: this.#stamper.periodS },
      capacity: Math.max(1, Math.ceil(options.maxBufferedS * (nominalSrate || IRREGULAR_SAMPLES_PER_S))),
      chunkFrames: options.chunkSize,
    })
    this.#network = new OutletNetwork(this.info, this.#feeds, config)
  }

  push(data: SampleArray, frames: number, stamps: number | Float64Array, flush: boolean): void {
    this.#refuseClosed()
    const sent = this.#stamper.sent(stamps, frames)
    for (let first = 0; first < frames; first += this.#blockFrames) {
      const count = Math.min(this.#blockFrames, frames - first)
      const firstStamp = this.#stamper.advance(sent, first, count)
      if (this.#feeds.size === 0) continue
      const block = encodeNumeric(
        data,
        this.info.channelCount,
        first,
        count,
        count === frames ? sent : sent.subarray(first),
        firstStamp,
      )
      this.#feeds.send(block, flush && first + count === frames)
    }
  }

  pushStrings(row: readonly string[], stamp: number, flush: boolean): void {
    this.#refuseClosed()
    const sent = this.#stamper.sent(stamp, 1)
    const firstStamp = this.#stamper.advance(sent, 0, 1)
    if (this.#feeds.size > 0) this.#feeds.send(encodeStrings(row, sent[0] ?? NaN, firstStamp), flush)
  }

  get haveConsumers(): boolean {
    return this.#feeds.size > 0
  }

  /** Samples that were dropped because an inlet did not keep up, counted once for each such inlet. */
  get dropped(): number {
    return this.#feeds.dropped
  }

  close(): Promise<void> {
    this.#closing ??= this.#network.close()
    return this.#closing
  }

  #refuseClosed(): void {
    if (this.#closing !== undefined) throw new DareplaneError('ERR_CLOSED', 'the outlet is closed')
  }
}
