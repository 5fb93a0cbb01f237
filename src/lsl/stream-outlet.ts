import { isMainThread } from 'node:worker_threads'
import { allocateSamples } from '../channel-format.js'
import type { SampleArray } from '../channel-format.js'
import { flag, options, seconds, whole } from '../check.js'
import { localClock } from '../clock.js'
import { until } from '../system/until.js'
import { ENGINE_CHECKS, chooseEngine } from './choose-engine.js'
import type { EngineOptions } from './choose-engine.js'
import type { Engine, EngineOutlet, OutletOptions } from './engine.js'
import { checkedChunk, checkRow, checkStamps, stampCheck } from './push-arguments.js'
import type { Row } from './push-arguments.js'
import { checkStreamInfo } from './stream-info.js'
import type { StreamInfo } from './stream-info.js'

/** As a timestamp: "one sample period after the one before", computed by the inlet. */
export const DEDUCED_TIMESTAMP = -1

/** How a {@link StreamOutlet} sends. */
export interface StreamOutletOptions extends EngineOptions {
  /** Samples of {@link StreamOutlet.pushSample} that are sent together. Default 1: each at once. */
  readonly chunkSize?: number
  /** Seconds of data (hundreds of samples for an irregular stream) kept for a slow inlet. Default 60. */
  readonly maxBufferedS?: number
  /**
   * Builtin engine: whether the outlet's network is on a thread of its own. Then the stream is found and sent whatever this thread
   * does, blocked or busy, a hop of 30 us later. Default: in worker threads, which may block, and for a JobOutlet yes; on the
   * main thread no.
   */
  readonly networkThread?: boolean
}

const LOOK_EVERY_MS = 5

const checked = options<StreamOutletOptions>(
  'StreamOutlet',
  'new StreamOutlet(info, { chunkSize: 1, maxBufferedS: 60 })',
  {
    ...ENGINE_CHECKS,
    chunkSize: whole({ from: 0 }),
    maxBufferedS: seconds({ above: 0 }),
    networkThread: flag,
  },
)
const time = seconds({ forever: true })

/** The engine that `options` ask for, and how its outlet shall send. */
export function chosenOutlet(
  options: StreamOutletOptions | undefined,
  onNetworkThread: boolean,
): { engine: Engine; settings: OutletOptions } {
  const { chunkSize = 1, maxBufferedS = 60, networkThread = onNetworkThread, ...engine } = checked(options)
  return { engine: chooseEngine(engine), settings: { chunkSize, maxBufferedS: Math.ceil(maxBufferedS), networkThread } }
}

/**
 * Sends one stream; on the network as soon as it is made. Pushing never blocks and never waits for an inlet.
 *
 * @example
 * ```ts
 * import { StreamInfo, StreamOutlet } from 'dareplane-utils'
 *
 * const info = new StreamInfo({ name: 'Markers', type: 'Markers', channelCount: 1, channelFormat: 'string' })
 * await using outlet = new StreamOutlet(info)
 * if (await outlet.waitForConsumers(10)) outlet.pushSample(['trial 1'])
 * ```
 */
export class StreamOutlet implements AsyncDisposable {
  /** The stream as announced, with uid. */
  readonly info: StreamInfo
  readonly #outlet: EngineOutlet
  readonly #chunkSize: number
  /** Reused by every pushSample of a numeric stream. */
  readonly #row: SampleArray | undefined
  #unsent = 0

  /** Throws TypeError or RangeError naming the option, ERR_LIBLSL_NOT_FOUND. */
  constructor(info: StreamInfo, options?: StreamOutletOptions) {
    checkStreamInfo(info)
    const { engine, settings } = chosenOutlet(options, !isMainThread)
    this.#outlet = engine.createOutlet(info, settings)
    this.#chunkSize = settings.chunkSize
    this.info = this.#outlet.info
    const { channelFormat, channelCount } = this.info
    this.#row = channelFormat === 'string' ? undefined : allocateSamples(channelFormat, channelCount)
  }

  /**
   * Sends one sample, stamped now (default), at `timestamp` in LSL clock seconds, or {@link DEDUCED_TIMESTAMP}. Throws TypeError or
   * RangeError for values that are not one for each channel, for one that the format cannot hold (1e300, 0.5 or NaN in an int16
   * stream), and for a stamp that is no finite number.
   */
  pushSample(values: Row, timestamp: number = localClock()): void {
    checkRow(this.info, values)
    stampCheck('timestamp', timestamp)
    // Recent liblsl ignores its own chunk size, so the last sample of a chunk says "send".
    this.#unsent++
    const flush = this.#unsent >= this.#chunkSize
    if (flush) this.#unsent = 0
    if (this.#row === undefined) {
      this.#outlet.pushStrings(values as readonly string[], timestamp, flush)
    } else {
      this.#row.set(values as ArrayLike<never>)
      this.#outlet.push(this.#row, 1, timestamp, flush)
    }
  }

  /**
   * Sends a chunk: a flat array of the stream's own type (frames x channels, not copied), or rows. One timestamp is that
   * of the last sample (default now), the others are deduced from the rate; or give one for each, in a Float64Array.
   */
  pushChunk(data: SampleArray | readonly Row[], timestamps: number | Float64Array = localClock()): void {
    const chunk = checkedChunk(this.info, data)
    const frames = ArrayBuffer.isView(chunk) ? chunk.length / this.info.channelCount : chunk.length
    checkStamps(timestamps, frames)
    if (frames === 0) return
    if (ArrayBuffer.isView(chunk)) this.#outlet.push(chunk, frames, timestamps, true)
    else this.#pushRows(chunk, timestamps)
  }

  #pushRows(rows: readonly (readonly string[])[], timestamps: number | Float64Array): void {
    const { nominalSrate } = this.info
    const last = timestamps === 0 ? localClock() : timestamps
    const stampOf = (index: number): number => {
      if (typeof last !== 'number') return last[index] ?? DEDUCED_TIMESTAMP
      if (last === DEDUCED_TIMESTAMP || index > 0) return DEDUCED_TIMESTAMP
      return nominalSrate === 0 ? last : last - (rows.length - 1) / nominalSrate
    }
    rows.forEach((row, index) => this.#outlet.pushStrings(row, stampOf(index), index === rows.length - 1))
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
    time('timeoutS', timeoutS)
    return until(() => this.haveConsumers, { everyMs: LOOK_EVERY_MS, timeoutMs: timeoutS * 1000 })
  }

  /** Takes the stream off the network. Idempotent; resolves when all is released, which takes liblsl a moment. */
  close(): Promise<void> {
    return this.#outlet.close()
  }

  /** For `await using`: the same as {@link StreamOutlet.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
