import type { FrameSink } from '../../engine.js'
import type { StreamInfo } from '../../stream-info.js'
import type { StampFilter } from '../clock/stamp-filter.js'
import type { FeedTerms } from '../handshake/feed-response.js'
import { isNumeric } from '../codec/test-pattern.js'
import { NumericIntake } from './numeric-intake.js'
import type { ReceiveBuffer } from './receive-buffer.js'
import { TextIntake } from './text-intake.js'

/** From the bytes of a stream to the memory of its reader. */
export interface Intake {
  /** Bytes of the longest sample, where that is known. */
  readonly longestFrame: number
  /** What is wrong with the bytes; undefined while they make sense. */
  readonly fault: string | undefined
  /** Frames dropped because nobody pulled. */
  readonly dropped: number
  /** A new connection: how its samples are encoded. */
  begin(terms: FeedTerms): void
  /** Takes one test sample off the buffer; undefined while it is not all there, false if it is not as it should be. */
  checkPattern(buffer: ReceiveBuffer, offset: number): boolean | undefined
  /** Decodes into `sink`, in one publication; answers how many frames. */
  pull(buffer: ReceiveBuffer | undefined, sink: FrameSink): number
  /** Decodes what nobody pulled into the queue. */
  spill(buffer: ReceiveBuffer): void
  /** Frames in the queue. */
  readonly queued: number
  /** Whole frames in the buffer. */
  count(buffer: ReceiveBuffer): number
  /** Drops the queue; answers how many frames. */
  clear(): number
}

/** The intake of a stream's inlet; it keeps at most `queueFrames` frames. */
export function intakeOf(info: StreamInfo, queueFrames: number, filter: StampFilter): Intake {
  const { channelFormat } = info
  return isNumeric(channelFormat)
    ? new NumericIntake(channelFormat, info, queueFrames, filter)
    : new TextIntake(info, queueFrames, filter)
}
