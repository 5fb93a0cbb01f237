import { setTimeout as delay } from 'node:timers/promises'
import type { SampleArray } from '../channel-format.js'
import { flag, options, seconds, whole } from '../check.js'
import { localClock } from '../clock.js'
import { DareplaneError } from '../errors.js'
import { until } from '../system/until.js'
import { ENGINE_CHECKS, chooseEngine } from './choose-engine.js'
import type { EngineOptions } from './choose-engine.js'
import { PROCESSING } from './engine.js'
import type { AdjustableInlet, Engine, Processing, TimeCorrection, TimeMeasurement } from './engine.js'
import { FrameBuffer, StringBuffer } from './frame-buffer.js'
import { findDescribed } from './search/find-described.js'
import { checkStreamInfo } from './stream-info.js'
import type { StreamInfo } from './stream-info.js'

/** How a {@link StreamInlet} receives. */
export interface StreamInletOptions extends EngineOptions {
  /** Samples kept while nobody pulls, the newest. Default 16384. */
  readonly queueFrames?: number
  /** Whether the inlet reconnects by itself when the stream comes back; it needs a source id. Default true. */
  readonly recover?: boolean
  /** Default none. */
  readonly processing?: Processing
}

/** How much {@link StreamInlet.pullChunk} takes, and how long it waits. */
export interface PullChunkOptions {
  /** The most samples to take, default 1024. */
  readonly maxFrames?: number
  /** Seconds to wait for the first sample, default 0. */
  readonly timeoutS?: number
}

/** One time point of all channels. */
export interface Sample {
  /** One value per channel. */
  readonly values: SampleArray | string[]
  /** LSL clock seconds. */
  readonly timestamp: number
}

/** Samples that were pulled together. */
export interface Chunk {
  /** Frames x channels, row-major, oldest first; rows for a string stream. Owned by the caller. */
  readonly data: SampleArray | string[][]
  readonly times: Float64Array
  readonly frames: number
}

const DEFAULT_QUEUE_FRAMES = 16384
const DEFAULT_TIMEOUT_S = 5
const LOOK_EVERY_MS = 1
/** Memory is taken for that many frames, or for as many as have arrived. */
const SMALL_CHUNK = 1024
const CORRECTION_EVERY_MS = 20

const checked = options<StreamInletOptions>('StreamInlet', 'new StreamInlet(info, { queueFrames: 16384 })', {
  ...ENGINE_CHECKS,
  queueFrames: whole({ from: 1 }),
  recover: flag,
  processing: PROCESSING,
})
const pullOptions = options<PullChunkOptions>('pullChunk', 'inlet.pullChunk({ maxFrames: 1024, timeoutS: 1 })', {
  maxFrames: whole({ from: 1 }),
  timeoutS: seconds({ forever: true }),
})
const time = seconds({ forever: true })

/**
 * Receives one stream on the calling thread, without a ring: for tools and for streams of few samples. A
 * {@link StreamWatcher} has a thread of its own and wakes on data; this looks for data every millisecond.
 *
 * @example
 * ```ts
 * import { resolveByProp, StreamInlet } from 'dareplane-utils'
 *
 * const [info] = await resolveByProp('type', 'Markers', { timeoutS: 10 })
 * if (info === undefined) throw new Error('no markers on the network')
 * await using inlet = new StreamInlet(info)
 * console.log(await inlet.pullSample(10))
 * ```
 */
export class StreamInlet implements AsyncDisposable {
  /** The stream as resolved; with its metadata tree once {@link StreamInlet.open} has resolved. */
  info: StreamInfo
  readonly #options: StreamInletOptions
  #processing: Processing
  #inlet: AdjustableInlet | undefined
  #opening: Promise<void> | undefined
  #isOpen = false
  readonly #closed = new AbortController()

  /**
   * An inlet on a stream that a resolve returned; nothing happens until it is opened or pulled. Or on one that need not be there yet:
   * of a description of your own, opening waits for a stream of its name and shape, and of its type and source id where they are given.
   */
  constructor(info: StreamInfo, options?: StreamInletOptions) {
    checkStreamInfo(info)
    this.info = info
    this.#options = checked(options)
    this.#processing = this.#options.processing ?? {}
  }

  /**
   * Subscribes and fetches the metadata. Resolves when samples flow, at once where they do already, with clock sync when the offset
   * is known; rejects with ERR_TIMEOUT or ERR_STREAM_LOST, also when the stream was lost since, and for a description of your own with
   * ERR_STREAM_NOT_FOUND or ERR_STREAM_AMBIGUOUS.
   */
  async open(timeoutS = DEFAULT_TIMEOUT_S): Promise<void> {
    time('timeoutS', timeoutS)
    if (this.#isOpen) await this.#engineInlet().open(timeoutS)
    else await this.#openOnce(timeoutS)
  }

  async #openOnce(timeoutS: number): Promise<void> {
    this.#opening ??= this.#open(timeoutS).catch(async (error: unknown) => {
      // The stream that was found for a description may be gone: the next time another is looked for.
      if (this.info.uid === '') {
        await this.#inlet?.close()
        this.#inlet = undefined
      }
      this.#opening = undefined
      throw error
    })
    await this.#opening
  }

  /** The oldest sample that was not pulled yet; undefined when none came within `timeoutS` (default 0). */
  async pullSample(timeoutS = 0): Promise<Sample | undefined> {
    const { data, times, frames } = await this.pullChunk({ maxFrames: 1, timeoutS })
    if (frames === 0) return undefined
    const values = Array.isArray(data) ? (data[0] ?? []) : data
    return { values, timestamp: times[0] ?? NaN }
  }

  /** All samples that have arrived, at most `maxFrames`; waits up to `timeoutS` for the first. */
  async pullChunk(options?: PullChunkOptions): Promise<Chunk> {
    const { maxFrames = 1024, timeoutS = 0 } = pullOptions(options)
    const end = localClock() + timeoutS
    await this.#openOnce(Math.max(timeoutS, DEFAULT_TIMEOUT_S))
    const { channelFormat, channelCount } = this.info
    const sink =
      channelFormat === 'string'
        ? new StringBuffer(channelCount, maxFrames)
        : new FrameBuffer(
            channelFormat,
            channelCount,
            Math.min(maxFrames, Math.max(SMALL_CHUNK, this.samplesAvailable)),
          )
    let frames = this.#engineInlet().pull(sink, 0)
    while (frames === 0 && localClock() < end) {
      await delay(LOOK_EVERY_MS)
      frames = this.#engineInlet().pull(sink, 0)
    }
    return 'rows' in sink
      ? { data: sink.rows, times: Float64Array.from(sink.times), frames }
      : { data: sink.samples.slice(0, frames * channelCount), times: sink.times.slice(0, frames), frames }
  }

  /** How far the stream's clock is from this host's; rejects with ERR_TIMEOUT where the first measurement takes longer than `timeoutS`. */
  async timeCorrection(timeoutS = DEFAULT_TIMEOUT_S): Promise<TimeCorrection> {
    time('timeoutS', timeoutS)
    const end = localClock() + timeoutS
    await this.open(timeoutS)
    return this.#knownCorrection(end - localClock(), timeoutS)
  }

  /**
   * Changes the post-processing, of a running inlet too: from the samples on that arrive now, those that wait may still have the former.
   * What is left out stays as it is. With another half-time `dejitter` learns the stamps anew. Resolves when it is in effect: `clockSync`
   * as soon as the offset is known; rejects with ERR_TIMEOUT, and nothing is changed, where that takes longer than `timeoutS`.
   *
   * @example
   * ```ts
   * import { resolveByProp, StreamInlet } from 'dareplane-utils'
   *
   * const [info] = await resolveByProp('type', 'EEG', { timeoutS: 10 })
   * if (info === undefined) throw new Error('no EEG on the network')
   * await using inlet = new StreamInlet(info)
   * await inlet.open()
   * await inlet.setProcessing({ dejitter: true, halftimeS: 30 })
   * ```
   */
  async setProcessing(changes: Processing, timeoutS = DEFAULT_TIMEOUT_S): Promise<void> {
    PROCESSING('processing', changes, 'setProcessing')
    time('timeoutS', timeoutS)
    if (this.#closed.signal.aborted) throw new DareplaneError('ERR_CLOSED', 'the inlet is closed')
    if (this.#opening !== undefined) {
      await this.#opening
      if (changes.clockSync === true) await this.timeCorrection(timeoutS)
      this.#engineInlet().setProcessing(changes)
    }
    this.#processing = { ...this.#processing, ...changes }
  }

  /**
   * Whether, since this was last asked, the stream was lost and another outlet has continued it: its stamps may be of another clock.
   */
  wasClockReset(): boolean {
    return this.#inlet?.wasClockReset() ?? false
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
    this.#closed.abort()
    await this.#opening?.catch(() => undefined)
    await this.#inlet?.close()
  }

  /** For `await using`: the same as {@link StreamInlet.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #open(timeoutS: number): Promise<void> {
    if (this.#closed.signal.aborted) throw new DareplaneError('ERR_CLOSED', 'the inlet is closed')
    const { queueFrames = DEFAULT_QUEUE_FRAMES, recover = true } = this.#options
    const processing = this.#processing
    const end = localClock() + timeoutS
    const inletOptions = { queueFrames, recover, processing, timeoutS }
    const engine = chooseEngine(this.#options)
    this.#inlet ??= await engine.createInlet(await this.#found(engine, timeoutS), inletOptions)
    await this.#inlet.open(Math.max(0, end - localClock()))
    this.info = await this.#inlet.fullInfo(Math.max(0, end - localClock()))
    // A pull would take stamps of the other clock, and liblsl would block in it until the offset is known.
    if (processing.clockSync === true) await this.#knownCorrection(end - localClock(), timeoutS)
    this.#isOpen = true
  }

  async #found(engine: Engine, timeoutS: number): Promise<StreamInfo> {
    return this.info.uid === '' ? findDescribed(engine, this.info, timeoutS, this.#closed.signal) : this.info
  }

  async #knownCorrection(leftS: number, timeoutS: number): Promise<TimeCorrection> {
    let correction: TimeCorrection | undefined
    const look = (): boolean => (correction = this.#engineInlet().timeCorrection()) !== undefined
    await until(look, { everyMs: CORRECTION_EVERY_MS, timeoutMs: leftS * 1000 })
    if (correction !== undefined) return correction
    throw new DareplaneError('ERR_TIMEOUT', `no clock offset of ${this.info.toString()} within ${timeoutS} s`)
  }

  #engineInlet(): AdjustableInlet {
    if (this.#closed.signal.aborted || this.#inlet === undefined)
      throw new DareplaneError('ERR_CLOSED', 'the inlet is closed')
    return this.#inlet
  }
}
