import { setTimeout as delay } from 'node:timers/promises'
import type { SampleArray } from '../channel-format.js'
import { localClock } from '../clock.js'
import { DareplaneError } from '../errors.js'
import { chooseEngine } from './choose-engine.js'
import type { EngineOptions } from './choose-engine.js'
import type { EngineInlet, Processing, TimeCorrection, TimeMeasurement } from './engine.js'
import { FrameBuffer, StringBuffer } from './frame-buffer.js'
import type { StreamInfo } from './stream-info.js'

export interface StreamInletOptions extends EngineOptions {
  /** Frames kept while nobody pulls, the newest. Default 16384. */
  readonly queueFrames?: number
  /** Whether the inlet reconnects by itself when the stream comes back; it needs a source id. Default true. */
  readonly recover?: boolean
  /** Default none. */
  readonly processing?: Processing
}

export interface Sample {
  /** One value per channel. */
  readonly values: SampleArray | string[]
  /** LSL clock seconds. */
  readonly timestamp: number
}

export interface Chunk {
  /** Frames x channels, row-major, oldest first; rows for a string stream. Owned by the caller. */
  readonly data: SampleArray | string[][]
  readonly times: Float64Array
  readonly frames: number
}

const DEFAULT_QUEUE_FRAMES = 16384
const DEFAULT_TIMEOUT_S = 5
const LOOK_EVERY_MS = 1
const CORRECTION_EVERY_MS = 20

/**
 * Receives one stream on the calling thread, without a ring: for tools and for streams of few samples. A
 * {@link StreamWatcher} has a thread of its own and wakes on data; this looks for data every millisecond.
 */
export class StreamInlet implements AsyncDisposable {
  /** The stream as resolved; with its metadata tree once {@link StreamInlet.open} has resolved. */
  info: StreamInfo
  readonly #options: StreamInletOptions
  #inlet: EngineInlet | undefined
  #opening: Promise<void> | undefined
  #closed = false

  /** An inlet on a stream that a resolve returned; nothing happens until it is opened or pulled. */
  constructor(info: StreamInfo, options: StreamInletOptions = {}) {
    const { queueFrames = DEFAULT_QUEUE_FRAMES } = options
    if (!Number.isInteger(queueFrames) || queueFrames < 1)
      throw new RangeError(`queueFrames must be a whole number of at least 1, not ${String(queueFrames)}`)
    if (info.uid === '') throw new TypeError(`info must come from a resolve; ${info.toString()} has no uid`)
    this.info = info
    this.#options = options
  }

  /** Subscribes and fetches the metadata. Resolves when samples flow; rejects with ERR_TIMEOUT or ERR_STREAM_LOST. Idempotent. */
  open(timeoutS = DEFAULT_TIMEOUT_S): Promise<void> {
    this.#opening ??= this.#open(timeoutS).catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  /** The oldest sample that was not pulled yet; undefined when none came within `timeoutS` (default 0). */
  async pullSample(timeoutS = 0): Promise<Sample | undefined> {
    const { data, times, frames } = await this.pullChunk({ maxFrames: 1, timeoutS })
    if (frames === 0) return undefined
    const values = Array.isArray(data) ? (data[0] ?? []) : data
    return { values, timestamp: times[0] ?? NaN }
  }

  /** All samples that have arrived, at most `maxFrames`; waits up to `timeoutS` for the first. */
  async pullChunk({ maxFrames = 1024, timeoutS = 0 } = {}): Promise<Chunk> {
    if (!Number.isInteger(maxFrames) || maxFrames < 1)
      throw new RangeError(`maxFrames must be a whole number of at least 1, not ${String(maxFrames)}`)
    const end = localClock() + timeoutS
    await this.open(Math.max(timeoutS, DEFAULT_TIMEOUT_S))
    const { channelFormat, channelCount } = this.info
    const sink =
      channelFormat === 'string'
        ? new StringBuffer(channelCount, maxFrames)
        : new FrameBuffer(channelFormat, channelCount, maxFrames)
    let frames = await this.#engineInlet().pull(sink, 0)
    while (frames === 0 && localClock() < end) {
      await delay(LOOK_EVERY_MS)
      frames = await this.#engineInlet().pull(sink, 0)
    }
    return 'rows' in sink
      ? { data: sink.rows, times: Float64Array.from(sink.times), frames }
      : { data: sink.samples.slice(0, frames * channelCount), times: sink.times.slice(0, frames), frames }
  }

  /** How far the stream's clock is from this host's; rejects with ERR_TIMEOUT where the first measurement takes longer than `timeoutS`. */
  async timeCorrection(timeoutS = DEFAULT_TIMEOUT_S): Promise<TimeCorrection> {
    const end = localClock() + timeoutS
    await this.open(timeoutS)
    for (;;) {
      const correction = this.#engineInlet().timeCorrection()
      if (correction !== undefined) return correction
      if (localClock() >= end)
        throw new DareplaneError('ERR_TIMEOUT', `no clock offset of ${this.info.toString()} within ${timeoutS} s`)
      await delay(CORRECTION_EVERY_MS)
    }
  }

  /**
   * The clock offsets that were measured since the connection was made, oldest first, one every two seconds and at most 128:
   * for stamps to be corrected afterwards. Empty on liblsl, which keeps none.
   */
  get timeMeasurements(): readonly TimeMeasurement[] {
    return this.#inlet?.timeMeasurements() ?? []
  }

  /** Samples that were lost because nobody pulled them in time. undefined on liblsl, which does not tell. */
  get dropped(): number | undefined {
    return this.#inlet?.dropped
  }

  /** Samples that have arrived and were not pulled. */
  get samplesAvailable(): number {
    return this.#inlet?.samplesAvailable() ?? 0
  }

  /** Drops what has arrived; answers how many samples. */
  flush(): number {
    return this.#inlet?.flush() ?? 0
  }

  /** Unsubscribes and releases all. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#opening?.catch(() => undefined)
    await this.#inlet?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #open(timeoutS: number): Promise<void> {
    if (this.#closed) throw new DareplaneError('ERR_CLOSED', 'the inlet is closed')
    const { queueFrames = DEFAULT_QUEUE_FRAMES, recover = true, processing = {} } = this.#options
    const end = localClock() + timeoutS
    const inletOptions = { queueFrames, recover, processing, timeoutS }
    this.#inlet ??= await chooseEngine(this.#options).createInlet(this.info, inletOptions)
    await this.#inlet.open(Math.max(0, end - localClock()))
    this.info = await this.#inlet.fullInfo(Math.max(0, end - localClock()))
  }

  #engineInlet(): EngineInlet {
    if (this.#closed || this.#inlet === undefined) throw new DareplaneError('ERR_CLOSED', 'the inlet is closed')
    return this.#inlet
  }
}
