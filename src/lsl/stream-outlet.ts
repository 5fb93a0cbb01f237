import { setTimeout as delay } from 'node:timers/promises'
import { allocateSamples } from '../channel-format.js'
import type { SampleArray } from '../channel-format.js'
import { localClock } from '../clock.js'
import { chooseEngine } from './choose-engine.js'
import type { EngineOptions } from './choose-engine.js'
import type { EngineOutlet } from './engine.js'
import type { StreamInfo } from './stream-info.js'

/** As a timestamp: "one sample period after the one before", computed by the inlet. */
export const DEDUCED_TIMESTAMP = -1

export interface StreamOutletOptions extends EngineOptions {
  /** Samples of {@link StreamOutlet.pushSample} that are sent together. Default 1: each at once. */
  readonly chunkSize?: number
  /** Seconds of data (hundreds of samples for an irregular stream) kept for a slow inlet. Default 60. */
  readonly maxBufferedS?: number
}

/** One row of values: numbers, bigints for int64, strings for string streams. */
export type Row = ArrayLike<number> | ArrayLike<bigint> | readonly string[]

const LOOK_EVERY_MS = 5

/** Sends one stream; on the network as soon as it is made. Pushing never blocks and never waits for an inlet. */
export class StreamOutlet implements AsyncDisposable {
  /** The stream as announced, with uid. */
  readonly info: StreamInfo
  readonly #outlet: EngineOutlet
  readonly #chunkSize: number
  /** Reused by every pushSample of a numeric stream. */
  readonly #row: SampleArray | undefined
  #unsent = 0

  /** Throws TypeError or RangeError naming the option, ERR_LIBLSL_NOT_FOUND. */
  constructor(info: StreamInfo, options: StreamOutletOptions = {}) {
    const { chunkSize = 1, maxBufferedS = 60 } = options
    if (!Number.isInteger(chunkSize) || chunkSize < 0)
      throw new RangeError(`chunkSize must be a whole number of samples, not ${String(chunkSize)}`)
    if (!(maxBufferedS > 0) || !Number.isFinite(maxBufferedS))
      throw new RangeError(`maxBufferedS must be seconds above 0, not ${String(maxBufferedS)}`)
    this.#outlet = chooseEngine(options).createOutlet(info, { chunkSize, maxBufferedS: Math.ceil(maxBufferedS) })
    this.#chunkSize = chunkSize
    this.info = this.#outlet.info
    const { channelFormat, channelCount } = this.info
    this.#row = channelFormat === 'string' ? undefined : allocateSamples(channelFormat, channelCount)
  }

  /** Sends one sample, stamped now (default), at `timestamp` in LSL clock seconds, or {@link DEDUCED_TIMESTAMP}. */
  pushSample(values: Row, timestamp: number = localClock()): void {
    this.#checkRow(values)
    // Recent liblsl ignores its own chunk size, so the last sample of a chunk says "send".
    this.#unsent++
    const flush = this.#unsent >= this.#chunkSize
    if (flush) this.#unsent = 0
    if (this.#row === undefined) {
      this.#outlet.pushStrings(values as readonly string[], timestamp, flush)
    } else {
      // `set` converts and throws TypeError for a bigint among numbers, or the other way round.
      this.#row.set(values as ArrayLike<never>)
      this.#outlet.push(this.#row, 1, timestamp, flush)
    }
  }

  /**
   * Sends a chunk: a flat array of the stream's own type (frames x channels, not copied), or rows. One timestamp is that
   * of the last sample (default now), the others are deduced from the rate; or give one for each.
   */
  pushChunk(data: SampleArray | readonly Row[], timestamps: number | Float64Array = localClock()): void {
    const { channelCount } = this.info
    const flat = this.#flatten(data)
    const frames = Array.isArray(flat) ? flat.length : flat.length / channelCount
    if (!Number.isInteger(frames))
      throw new RangeError(`data must be whole frames of ${channelCount} values, not ${flat.length}`)
    if (typeof timestamps !== 'number' && timestamps.length !== frames)
      throw new RangeError(`timestamps must be one for each of ${frames} samples, not ${timestamps.length}`)
    if (frames === 0) return
    if (!Array.isArray(flat)) {
      this.#outlet.push(flat, frames, timestamps, true)
      return
    }
    const { nominalSrate } = this.info
    const deduced = (index: number): number => {
      if (typeof timestamps !== 'number') return timestamps[index] ?? DEDUCED_TIMESTAMP
      if (timestamps === DEDUCED_TIMESTAMP || index > 0) return DEDUCED_TIMESTAMP
      return nominalSrate === 0 ? timestamps : timestamps - (frames - 1) / nominalSrate
    }
    flat.forEach((row, index) => this.#outlet.pushStrings(row, deduced(index), index === frames - 1))
  }

  /** Whether any inlet is subscribed now. */
  get haveConsumers(): boolean {
    return this.#outlet.haveConsumers
  }

  /**
   * Samples that inlets did not get because they did not keep up, each counted for each such inlet. undefined on liblsl, which
   * drops them without a word.
   */
  get dropped(): number | undefined {
    return this.#outlet.dropped
  }

  /** Resolves true as soon as an inlet is subscribed, false after `timeoutS`. */
  async waitForConsumers(timeoutS: number): Promise<boolean> {
    const end = localClock() + timeoutS
    while (!this.haveConsumers && localClock() < end) await delay(LOOK_EVERY_MS)
    return this.haveConsumers
  }

  /** Takes the stream off the network. Idempotent; resolves when all is released, which takes liblsl a moment. */
  close(): Promise<void> {
    return this.#outlet.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #checkRow(values: Row): void {
    if (values.length !== this.info.channelCount)
      throw new RangeError(`a sample of '${this.info.name}' has ${this.info.channelCount} values, not ${values.length}`)
  }

  #flatten(data: SampleArray | readonly Row[]): SampleArray | (readonly string[])[] {
    const { channelFormat, channelCount, name } = this.info
    if (ArrayBuffer.isView(data)) {
      if (channelFormat === 'string') throw new TypeError(`data of '${name}' must be rows of strings`)
      const { constructor } = allocateSamples(channelFormat, 0)
      if (data.constructor !== constructor)
        throw new TypeError(`data of '${name}' must be a ${constructor.name}, not ${data.constructor.name}`)
      return data
    }
    data.forEach(row => this.#checkRow(row))
    if (channelFormat === 'string') return data as (readonly string[])[]
    const flat = allocateSamples(channelFormat, data.length * channelCount)
    data.forEach((row, index) => flat.set(row as ArrayLike<never>, index * channelCount))
    return flat
  }
}
