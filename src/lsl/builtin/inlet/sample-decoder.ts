import type { FrameSink } from '../../engine.js'
import type { FeedTerms } from '../handshake/feed-response.js'
import type { ReceiveBuffer } from './receive-buffer.js'

/** From the bytes of a stream to the memory of its reader. */
export interface SampleDecoder {
  /** What was received and not taken yet; a connection is read into it. */
  readonly buffer: ReceiveBuffer
  /** Whether samples are received; before, it is the handshake, which is nobody's to take. */
  receiving: boolean
  /** What is wrong with the bytes; undefined while they make sense. */
  readonly fault: string | undefined
  /** Frames dropped because nobody pulled. */
  readonly dropped: number
  /** Frames in the queue. */
  readonly queued: number
  /** A new connection: how its samples are encoded, and how many a second there are. What was received before is in the queue. */
  begin(terms: FeedTerms, nominalSrate: number): void
  /** Takes one test sample off the buffer; undefined while it is not all there, false if it is not as it should be. */
  checkPattern(offset: number): boolean | undefined
  /** Decodes into `sink`, in one publication; answers how many frames. */
  pull(sink: FrameSink): number
  /** Decodes what nobody pulled into the queue, which keeps the newest. */
  spill(): void
  /** Drops the queue; answers how many frames. */
  clear(): number
}
