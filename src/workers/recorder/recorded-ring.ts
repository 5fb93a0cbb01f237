import { bytesPerValue } from '../../channel-format.js'
import { RingReader } from '../../ring/ring-reader.js'
import type { ClockOffset } from '../../xdf/stamps/clock-map.js'
import { footerXml } from '../../xdf/documents.js'
import type { XdfBytes } from '../../xdf/xdf-bytes.js'
import type { NewStream, RecordedFigures, StreamLosses } from './recorder-messages.js'

/** A chunk holds about as much at most, so that many streams take turns. */
const CHUNK_BYTES = 2 ** 20
/** What is assumed of a string. */
const STRING_BYTES = 64
/** A ring that is fuller is not left until the next flush. */
const FULL_SHARE = 0.25

/** The ring of one recorded stream, and what of it went to the file. */
export class RecordedRing {
  readonly #stream: NewStream
  readonly #reader: RingReader
  readonly #offsets: ClockOffset[] = []
  readonly #chunkFrames: number
  readonly #fullFrames: number
  /** Taken from the ring, and of those: in the file. */
  #taken = 0
  #saved = 0
  #overwritten = 0
  #gone = 0
  #headerSaved = false
  #firstTime: number | undefined
  #firstUnsaved: number | undefined
  #lastTime: number | undefined
  /** What comes from now on is after the end of the recording. */
  #isFinished = false

  constructor(stream: NewStream) {
    const { channelFormat, channelCount, ring } = stream
    const frameBytes = channelCount * (channelFormat === 'string' ? STRING_BYTES : bytesPerValue(channelFormat))
    this.#stream = stream
    this.#reader = RingReader.attach(ring)
    this.#reader.cursor = 0
    this.#chunkFrames = Math.max(1, Math.floor(CHUNK_BYTES / frameBytes))
    this.#fullFrames = Math.max(1, Math.floor(this.#reader.capacity * FULL_SHARE))
  }

  /** Frames in memory that were not taken yet. */
  get waiting(): number {
    return this.#reader.written() - this.#reader.cursor
  }

  get isFilling(): boolean {
    return this.waiting >= this.#fullFrames
  }

  /** Adds the header to `bytes`; again only for a new file. */
  begin(bytes: XdfBytes): void {
    bytes.streamHeader(this.#stream.id, this.#stream.headerXml)
  }

  /** Adds one chunk of what waits before absolute frame `end` to `bytes`; false when there is none. */
  take(bytes: XdfBytes, end: number): boolean {
    const frames = Math.min(end - this.#reader.cursor, this.#chunkFrames)
    if (frames <= 0) return false
    const window = this.#reader.takeNew(frames)
    this.#overwritten += window.lost
    const { length } = bytes
    bytes.samples(this.#stream, window.data, window.times)
    const [first, last] = [window.times[0], window.times.at(-1)]
    if (!window.isIntact()) {
      // The window was overwritten while it was copied. The next turn counts what was lost.
      bytes.truncate(length)
      this.#reader.cursor = window.start
      return true
    }
    if (window.frames > 0) {
      this.#taken += window.frames
      this.#firstTime ??= first
      this.#firstUnsaved ??= first
      this.#lastTime = last
    }
    return true
  }

  /** The absolute frame that the ring has come to. */
  get end(): number {
    return this.#reader.written()
  }

  offset(bytes: XdfBytes, { time, offset }: ClockOffset): void {
    this.#offsets.push({ time, offset })
    bytes.clockOffset(this.#stream.id, time, offset)
  }

  /** All that was taken is in the file. */
  saved(): void {
    this.#saved = this.#taken
    this.#firstUnsaved = undefined
    this.#headerSaved = true
  }

  /** The file is gone, and another one begins in `bytes`: with the headers that were in the old one. */
  moved(bytes: XdfBytes): void {
    if (this.#headerSaved) this.begin(bytes)
    for (const { time, offset } of this.#offsets) bytes.clockOffset(this.#stream.id, time, offset)
    this.#gone += this.#saved
    this.#taken -= this.#saved
    this.#saved = 0
    this.#firstTime = this.#firstUnsaved
  }

  /** Adds the footer, when all that came before the end was taken. */
  finish(bytes: XdfBytes, losses: StreamLosses | undefined): void {
    this.#isFinished = true
    bytes.streamFooter(
      this.#stream.id,
      footerXml({
        firstTime: this.#firstTime,
        lastTime: this.#lastTime,
        sampleCount: this.#taken,
        clockOffsets: this.#offsets,
        missing: { inGaps: losses?.inGaps ?? 0, overwritten: this.#overwritten + this.#gone },
        interruptions: losses?.interruptions ?? [],
      }),
    )
  }

  get figures(): RecordedFigures {
    return {
      id: this.#stream.id,
      samples: this.#saved,
      unsaved: this.#taken - this.#saved + (this.#isFinished ? 0 : this.waiting),
      overwritten: this.#overwritten,
      gone: this.#gone,
      truncated: this.#reader.truncated,
      firstTime: this.#firstTime,
      lastTime: this.#lastTime,
    }
  }
}
