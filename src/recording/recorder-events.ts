import type { StreamInfo } from '../lsl/stream-info.js'
import type { StreamEvent } from './interruption-log.js'
import type { RecordedStreamStats } from './recorded-stream.js'
import type { RecordedIdentifier } from './selection.js'

/** What a recorder tells, by event name; `stream` is the name of the stream, `id` its number in the file. */
export interface RecorderEvents {
  /** A stream is being recorded. */
  added: [{ readonly id: number; readonly stream: string; readonly info: StreamInfo }]
  /** A stream was found that cannot be recorded; it is tried again when it appears again. */
  refused: [{ readonly stream: string; readonly reason: string }]
  /** Something befell a recorded stream: the events of its StreamWatcher. */
  stream: [{ readonly id: number; readonly stream: string; readonly event: StreamEvent; readonly detail: object }]
  /** Samples were overwritten in memory before they were written. */
  overwritten: [{ readonly id: number; readonly stream: string; readonly samples: number }]
  /** The disk does not take data; the recording goes on as soon as it does. */
  trouble: [{ readonly reason: string }]
  /** The disk takes data again. */
  well: []
  /** The file was gone; the recording goes on in a new one. */
  moved: [{ readonly from: string; readonly to: string }]
  /** The recording has ended by itself; what is in the file stays there. */
  failed: [{ readonly reason: string }]
}

export const RECORDER_EVENTS = {
  added: true,
  refused: true,
  stream: true,
  overwritten: true,
  trouble: true,
  well: true,
  moved: true,
  failed: true,
} satisfies Record<keyof RecorderEvents, true>

/** A recording while it goes on. */
export interface RecorderStats {
  readonly file: string
  /** Bytes in the file. */
  readonly bytes: number
  /** Bytes left on the disk; undefined where that cannot be told. */
  readonly diskFree: number | undefined
  readonly seconds: number
  /** Why the disk does not take data at this time. */
  readonly trouble: string | undefined
  readonly streams: readonly RecordedStreamStats[]
  /** Streams that were asked for by identifier and have not been found yet. */
  readonly absent: readonly RecordedIdentifier[]
}
