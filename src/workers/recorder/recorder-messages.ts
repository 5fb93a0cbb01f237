import type { RingHandle } from '../../ring/allocate-ring.js'
import type { ClockOffset } from '../../xdf/stamps/clock-map.js'
import type { Interruption } from '../../xdf/documents.js'
import type { EncodedStream } from '../../xdf/xdf-bytes.js'

/** What the recorder's thread is started with. */
export interface RecorderSetup {
  readonly file: string
  readonly flushS: number
  /** Name and version of this software, for the file header. */
  readonly recorder: string
}

/** A stream to record. */
export interface NewStream extends EncodedStream {
  readonly headerXml: string
  readonly ring: RingHandle
}

/** What only the owner of a stream knows of its losses. */
export interface StreamLosses {
  readonly id: number
  readonly inGaps: number
  readonly interruptions: readonly Interruption[]
}

/** What the recorder's owner tells its thread. */
export type ToRecorder =
  | { readonly do: 'add'; readonly stream: NewStream }
  | ({ readonly do: 'offset'; readonly id: number } & ClockOffset)
  | { readonly do: 'stop'; readonly losses: readonly StreamLosses[]; readonly withinMs: number }

/** One recorded stream, as far as its thread knows. */
export interface RecordedFigures {
  readonly id: number
  /** In the file. */
  readonly samples: number
  /** Taken from memory or waiting there, and not in the file. */
  readonly unsaved: number
  /** Overwritten in memory before they could be taken. */
  readonly overwritten: number
  /** In a file that is gone. */
  readonly gone: number
  /** Strings that were too long, and were cut. */
  readonly truncated: number
  readonly firstTime: number | undefined
  readonly lastTime: number | undefined
}

export interface RecorderFigures {
  readonly file: string
  readonly bytes: number
  /** Bytes left on the disk; undefined until known. */
  readonly diskFree: number | undefined
  readonly streams: readonly RecordedFigures[]
}

/** What the recorder's thread tells its owner. */
export type FromRecorder =
  | { readonly tell: 'opened' }
  | { readonly tell: 'refused'; readonly code: string; readonly message: string }
  | { readonly tell: 'figures'; readonly figures: RecorderFigures }
  | { readonly tell: 'trouble'; readonly reason: string }
  | { readonly tell: 'well' }
  | { readonly tell: 'moved'; readonly from: string; readonly to: string }
  /** `reason` says why not everything is in the file. */
  | { readonly tell: 'stopped'; readonly figures: RecorderFigures; readonly reason: string | undefined }
