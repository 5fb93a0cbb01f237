import type { SampleArray } from '../channel-format.js'
import { fields, flag, seconds } from '../check.js'
import type { RingHandle } from '../ring/allocate-ring.js'
import type { Doorbell } from './outlet/doorbell.js'
import type { StreamInfo } from './stream-info.js'

/**
 * The seam between LSL and all else: what an engine can do. Two engines stand behind it, `liblsl` (the C library) and
 * `builtin`. Everything here stays on the thread that made it.
 */
export interface Engine {
  readonly name: 'liblsl' | 'builtin'
  /** Of the C library, such as '1.17', or of this package. */
  readonly version: string
  /** The file of the C library; '' for what needs none. */
  readonly location: string
  /**
   * Streams whose description satisfies the XPath `predicate` ('' for all). Never blocks the thread.
   */
  resolve(predicate: string, options: ResolveLimits): Promise<StreamInfo[]>
  /** Asks again and again, and tells of streams that come and go. Never blocks the thread, nor keeps the process alive. */
  search(predicate: string, options: SearchOptions): EngineSearch
  /** An inlet on a stream that a resolve returned; not yet subscribed. */
  createInlet(info: StreamInfo, options: InletOptions): Promise<AdjustableInlet>
  /** An outlet that is on the network at once. */
  createOutlet(info: StreamInfo, options: OutletOptions): EngineOutlet
  /** The same of one that sends what is written into `ring`, a new one, by whatever thread. */
  createRingOutlet(info: StreamInfo, options: OutletOptions, ring: RingHandle): RingOutlet
}

/** What a watcher needs of an engine. */
export interface WatcherEngine extends Pick<Engine, 'name' | 'version' | 'resolve'> {
  createInlet(info: StreamInfo, options: InletOptions): Promise<EngineInlet>
}

/** When to stop asking the network. */
export interface ResolveLimits {
  /** As soon as that many streams are known; 0: at the time limit only. */
  readonly minimum: number
  /** At that time, with what there is; Infinity for no limit. */
  readonly timeoutS: number
  /** Once there are as many, others are waited for as long as answers take here, past the time limit if need be. */
  readonly settle?: boolean
  /** When it is aborted, with what there is. */
  readonly signal?: AbortSignal
}

/** What a search tells, and when a stream counts as gone. */
export interface SearchOptions {
  readonly appeared: (info: StreamInfo) => void
  readonly disappeared: (info: StreamInfo) => void
  /** Seconds without an answer. */
  readonly forgetAfterS: number
}

export interface EngineSearch {
  /** No more is asked or told. */
  close(): void
}

/** Which LSL post-processing the stamps get; all off by default. */
export interface Processing {
  /** Adds the clock offset, so that stamps are in this host's LSL clock. */
  readonly clockSync?: boolean
  /** Smooths the jitter of a regular stream's stamps. */
  readonly dejitter?: boolean
  /** Makes stamps never step back. */
  readonly monotonize?: boolean
  /** Seconds after which `dejitter` has half forgotten a stamp. Default: `[tuning] SmoothingHalftime` of the configuration, 90. */
  readonly halftimeS?: number
}

export const PROCESSING = fields<Processing>({
  clockSync: flag,
  dejitter: flag,
  monotonize: flag,
  halftimeS: seconds({ above: 0 }),
})

export interface InletOptions {
  /** Frames the engine may hold that were not pulled yet; the oldest are dropped beyond. */
  readonly queueFrames: number
  /** Whether the engine itself reconnects to a lost stream (it needs a source id), or reports ERR_STREAM_LOST. */
  readonly recover: boolean
  readonly processing: Processing
  /** Seconds to look for the outlet; then it is ERR_STREAM_LOST. Default 5. */
  readonly timeoutS?: number
  /** Ends that search, with ERR_CLOSED. */
  readonly signal?: AbortSignal
}

export interface OutletOptions {
  /** Frames sent together; 0 or 1 sends each at once. */
  readonly chunkSize: number
  /** Seconds (hundreds of frames for an irregular stream) kept for a slow inlet. */
  readonly maxBufferedS: number
  /** The outlet's network is on a thread of its own, not on the event loop of this one; liblsl's always is. */
  readonly networkThread?: boolean
}

/** Where pulled numeric frames go: the ring's writer, or plain memory. Slots are frames of `channels` values. */
export interface NumericSink {
  readonly channels: number
  readonly samples: SampleArray
  readonly times: Float64Array
  /** Most frames that may be written before they are published; that many slots follow {@link NumericSink.position}. */
  readonly maxChunk: number
  /** The slot of the next frame. */
  position(): number
  /** The next `frames` slots are written. */
  publish(frames: number): void
}

/** Where pulled string frames go, one value after the other. */
export interface StringSink {
  readonly channels: number
  readonly maxChunk: number
  put(channel: number, text: Uint8Array): void
  endFrame(time: number): void
  publish(): void
}

export type FrameSink = NumericSink | StringSink

/** How far the stream's clock is from this host's. */
export interface TimeCorrection {
  /** Seconds to add to a remote stamp. */
  readonly offsetS: number
  /** Round trip of the measurement, seconds: the error is at most half of it; NaN where the library does not tell. */
  readonly uncertaintyS: number
}

/** A time correction that was measured and kept. */
export interface TimeMeasurement extends TimeCorrection {
  /** LSL clock of this host. */
  readonly at: number
}

export interface EngineInlet {
  /** Subscribes. Rejects with ERR_TIMEOUT or ERR_STREAM_LOST. */
  open(timeoutS: number): Promise<void>
  /** The description with its metadata tree. Rejects with ERR_TIMEOUT or ERR_STREAM_LOST. */
  fullInfo(timeoutS: number): Promise<StreamInfo>
  /**
   * Moves what has arrived into `sink`, at most its `maxChunk` frames in one publication, and waits at most `waitMs` (at
   * most 100) for the first. Answers how many frames. Throws ERR_STREAM_LOST. May block the thread while it waits.
   */
  pull(sink: FrameSink, waitMs: number): number | Promise<number>
  /** The running estimate, undefined until there is one. Never blocks; asking keeps it alive. */
  timeCorrection(): TimeCorrection | undefined
  /** Whether, since this was last asked, another outlet has continued the stream: its clock may be another one. */
  wasClockReset(): boolean
  /** What was measured since the connection was made, oldest first; liblsl keeps none. */
  timeMeasurements(): readonly TimeMeasurement[]
  /** Frames lost because nobody pulled; liblsl does not tell. */
  readonly dropped: number | undefined
  /** Frames that wait to be pulled; liblsl 1.10 tells only whether there are any: 0 or 1. */
  samplesAvailable(): number
  /** Drops what waits; answers how many frames. */
  flush(): number
  /** Releases everything. `blocking` does so on this thread (liblsl takes 500 ms), else it happens beside it. Idempotent. */
  close(options?: { readonly blocking?: boolean }): Promise<void>
}

/** An inlet whose post-processing can be changed while it runs. */
export interface AdjustableInlet extends EngineInlet {
  /** From the next sample on; what is left out stays as it is. */
  setProcessing(changes: Processing): void
}

export interface EngineOutlet {
  /** The description as announced, with uid and creation time. */
  readonly info: StreamInfo
  /** Sends `frames` rows of a numeric stream. One stamp is that of the last row, the others are deduced from the rate. Never blocks. */
  push(data: SampleArray, frames: number, stamps: number | Float64Array, flush: boolean): void
  /** Sends one row of a string stream. Never blocks. */
  pushStrings(row: readonly string[], stamp: number, flush: boolean): void
  readonly haveConsumers: boolean
  /** Samples that inlets did not get because they did not keep up, each counted for each such inlet; liblsl does not tell. */
  readonly dropped: number | undefined
  close(): Promise<void>
}

/** An outlet that sends what is written into a ring. */
export interface RingOutlet extends Pick<EngineOutlet, 'info' | 'haveConsumers'> {
  /** What to ring after writing. It also knows whether anybody sends. */
  readonly bell: Doorbell
  /** Samples that were overwritten before they were sent. */
  readonly lost: number
  /** Sends what was written, then takes the outlet off the network. Idempotent. */
  close(): Promise<void>
}
