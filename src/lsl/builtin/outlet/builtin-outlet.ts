import type { SampleArray } from '../../../channel-format.js'
import { bytesPerValue } from '../../../channel-format.js'
import { DareplaneError } from '../../../errors.js'
import type { EngineOutlet } from '../../engine.js'
import type { StreamInfo } from '../../stream-info.js'
import { encodeNumeric } from '../codec/encode-numeric.js'
import { encodeStrings } from '../codec/encode-strings.js'
import { HEAD_BYTES } from '../codec/wire.js'
import type { LslConfig } from '../config/lsl-config.js'
import type { OutletServer } from './outlet-server.js'
import { Stamper } from './stamper.js'

/** An outlet of this thread. Pushing encodes once, whatever the number of inlets, and never waits for one. */
export class BuiltinOutlet implements EngineOutlet {
  readonly info: StreamInfo
  readonly #server: OutletServer
  readonly #stamper: Stamper
  /** Most frames of a block. */
  readonly #blockFrames: number
  #closing: Promise<void> | undefined

  /** `info` is announced by `server`. */
  constructor(info: StreamInfo, server: OutletServer, config: LslConfig) {
    this.info = info
    this.#server = server
    const { channelFormat, channelCount: channels, nominalSrate } = info
    const valueBytes = channelFormat === 'string' ? undefined : bytesPerValue(channelFormat)
    this.#stamper = new Stamper(nominalSrate, config.forceDefaultTimestamps)
    const frameBytes = HEAD_BYTES + channels * (valueBytes ?? 0)
    this.#blockFrames = Math.max(1, Math.floor(server.blockBytes / frameBytes))
  }

  push(data: SampleArray, frames: number, stamps: number | Float64Array, flush: boolean): void {
    this.#refuseClosed()
    const sent = this.#stamper.sent(stamps, frames)
    for (let first = 0; first < frames; first += this.#blockFrames) {
      const count = Math.min(this.#blockFrames, frames - first)
      const firstStamp = this.#stamper.advance(sent, first, count)
      if (this.#server.consumers === 0) continue
      const block = encodeNumeric(
        data,
        this.info.channelCount,
        first,
        count,
        count === frames ? sent : sent.subarray(first),
        firstStamp,
      )
      this.#server.send(block, flush && first + count === frames)
    }
  }

  pushStrings(row: readonly string[], stamp: number, flush: boolean): void {
    this.#refuseClosed()
    const sent = this.#stamper.sent(stamp, 1)
    const firstStamp = this.#stamper.advance(sent, 0, 1)
    if (this.#server.consumers > 0) this.#server.send(encodeStrings(row, sent[0] ?? NaN, firstStamp), flush)
  }

  get haveConsumers(): boolean {
    return this.#closing === undefined && this.#server.consumers > 0
  }

  /** Samples that were dropped because an inlet did not keep up, counted once for each such inlet. */
  get dropped(): number {
    return this.#server.dropped
  }

  close(): Promise<void> {
    this.#closing ??= this.#server.close()
    return this.#closing
  }

  #refuseClosed(): void {
    if (this.#closing !== undefined) throw new DareplaneError('ERR_CLOSED', 'the outlet is closed')
  }
}
