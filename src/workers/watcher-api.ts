import type { EngineOptions } from '../lsl/choose-engine.js'
import type { Processing } from '../lsl/engine.js'
import type { StreamFields } from '../lsl/stream-fields.js'
import type { RingHandle } from '../ring/allocate-ring.js'
import type { Isolation } from './watcher-options.js'

/** Which stream to connect to. Without any of the first four, the one named like the watcher. */
export interface StreamIdentifier {
  readonly name?: string
  readonly type?: string
  readonly sourceId?: string
  /** XPath 1.0 on the stream's description, such as "channel_count>8". */
  readonly predicate?: string
  /** Seconds until connecting fails. Default 5. */
  readonly timeoutS?: number
}

/** What a watcher's worker is started with. */
export interface WatcherSetup extends EngineOptions {
  readonly stop: SharedArrayBuffer
  readonly board: SharedArrayBuffer
  readonly processing: Processing
  /** Default 'thread'. */
  readonly isolation?: Isolation
  /** Window of a regular stream, seconds. */
  readonly bufferSizeS: number
  /** Window in frames; goes before bufferSizeS. */
  readonly bufferSamples?: number
  /** Seconds at nominal rate that a borrowed window stays untouched. Default: one window. */
  readonly holdS?: number
}

/** What connecting answers. */
export interface Connected {
  readonly ring: RingHandle
  readonly info: StreamFields
  readonly engine: string
  readonly libraryVersion: string
}

/** What a watcher tells its owner, by event name. */
export interface WatcherEvents {
  /** A regular stream has been silent for longer than five chunks (at least 250 ms). */
  stalled: [{ readonly ageS: number }]
  /** The connection is gone; the watcher looks for the stream. */
  lost: [{ readonly reason: string }]
  /** Data again, after `lost` or `stalled`. */
  recovered: [
    { readonly after: 'lost' | 'stalled'; readonly epoch: number; readonly gapS: number; readonly gapFrames: number },
  ]
  /** The stream came back with another shape: nothing of it is read. Connect again for a new ring. */
  incompatible: [{ readonly expected: string; readonly found: string }]
  /** The worker died; the ring keeps what it had. */
  failed: [{ readonly reason: string }]
  /** A reader of this watcher was overtaken and lost that many frames. */
  lapped: [{ readonly lost: number }]
}

/** Tells the owner, in its own thread's time. */
export type Tell = <Name extends keyof WatcherEvents>(event: Name, detail: WatcherEvents[Name][0]) => void

/** How an event crosses: a plain message beside comlink's, which all have an id. */
export interface EventMessage {
  readonly event: keyof WatcherEvents
  readonly detail: WatcherEvents[keyof WatcherEvents][0]
}

/** What the worker offers over comlink. Samples never go this way. */
export interface WatcherApi {
  connect(identifier: StreamIdentifier): Promise<Connected>
}
