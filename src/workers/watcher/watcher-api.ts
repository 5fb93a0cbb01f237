import type { EngineOptions } from '../../lsl/choose-engine.js'
import type { Processing } from '../../lsl/engine.js'
import type { StreamFields } from '../../lsl/stream-fields.js'
import type { RingHandle } from '../../ring/allocate-ring.js'
import type { ForeignClock } from './foreign-clock.js'
import type { StreamIdentifier } from './stream-identifier.js'
import type { Ambiguity, Isolation, ThreadUse } from './watcher-options.js'

/** What a watcher tells its pull thread. */
export interface WatcherSetup extends EngineOptions {
  readonly stop: SharedArrayBuffer
  readonly board: SharedArrayBuffer
  /** What wakes the owner's thread, for all its watchers. */
  readonly bell: SharedArrayBuffer
  readonly processing: Processing
  readonly thread: ThreadUse
  /** Default 'thread'. */
  readonly isolation?: Isolation
  /** Default 'wait'. */
  readonly ambiguous?: Ambiguity
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
    {
      readonly after: 'lost' | 'stalled'
      readonly reconnections: number
      readonly gapS: number
      readonly gapFrames: number
    },
  ]
  /** What answered the search for the lost stream does not serve it, or the search failed: told once, and tried again later. */
  refused: [{ readonly reason: string }]
  /**
   * Several streams could be the lost one: none is taken until one is left (see the option `ambiguous`). Or, just after connecting:
   * others could have been meant as well, that answered late; the first one stays connected.
   */
  ambiguous: [{ readonly candidates: readonly string[] }]
  /** The stream came back with another shape: nothing of it is read. Connect again for a new ring. */
  incompatible: [{ readonly expected: string; readonly found: string }]
  /** The worker died, or its part of it; the ring keeps what it had. */
  failed: [{ readonly reason: string }]
  /** The stamps are not LSL clock seconds but Unix time, or of another clock: they cannot be compared with other streams. */
  foreignClock: [{ readonly clock: ForeignClock; readonly ageS: number }]
  /** A reader of this watcher was overtaken: that many samples are missing. */
  lapped: [{ readonly lost: number }]
}

export const WATCHER_EVENTS = {
  stalled: true,
  lost: true,
  recovered: true,
  refused: true,
  ambiguous: true,
  incompatible: true,
  failed: true,
  foreignClock: true,
  lapped: true,
} satisfies Record<keyof WatcherEvents, true>

/** Tells the owner, in its own thread's time. */
export type Tell = <Name extends keyof WatcherEvents>(event: Name, detail: WatcherEvents[Name][0]) => void

/** How an event crosses: a plain message beside comlink's, which all have an id. */
export interface EventMessage {
  readonly event: keyof WatcherEvents
  readonly detail: WatcherEvents[keyof WatcherEvents][0]
}

/** The last that a watcher's part of its thread says: everything is released. `fault`: why it ended by itself. */
export interface LeftMessage {
  readonly left: true
  readonly fault?: string | undefined
}

/** What the worker offers over comlink. Samples never go this way. */
export interface WatcherApi {
  connect(identifier: StreamIdentifier, timeoutS: number): Promise<Connected>
}
