import { allocateSamples, bytesPerValue } from '../channel-format.js'
import type { NumericFormat, SampleArray } from '../channel-format.js'
import { ByteCursor, Damaged } from './byte-cursor.js'
import { STAMP_BYTES } from './format.js'
import type { StreamHeader } from './stream-header.js'

/** The samples of one stream that were whole in some bytes. */
export interface DecodedSamples {
  /** Frames x channels, row-major; rows of strings for a string stream. */
  readonly samples: SampleArray | string[][]
  readonly times: Float64Array
  /** Bytes that these samples took. */
  readonly used: number
  /** Why what follows is no sample; undefined when it may just go on in bytes that are still to come. */
  readonly wrong?: string
}

/** Decodes the samples of one stream, chunk after chunk. */
export abstract class SampleDecoder {
  readonly #intervalS: number
  #lastStamp = 0

  constructor({ nominalSrate }: StreamHeader) {
    this.#intervalS = nominalSrate > 0 ? 1 / nominalSrate : 0
  }

  /** The whole samples that `bytes` begin with, at most `most`. */
  abstract decode(bytes: Buffer, most: number): DecodedSamples

  /** The stamp at the cursor, or the one that follows from the last. */
  protected stamp(cursor: ByteCursor): number {
    const width = cursor.uint8()
    if (width === STAMP_BYTES) return cursor.float64()
    if (width === 0) return this.#lastStamp + this.#intervalS
    throw new Damaged('a stamp of a wrong width')
  }

  /** The sample with this stamp was whole. */
  protected accept(stamp: number): void {
    this.#lastStamp = stamp
  }
}

class NumericDecoder extends SampleDecoder {
  readonly #format: NumericFormat
  readonly #channelCount: number
  readonly #frameBytes: number

  constructor(header: StreamHeader, format: NumericFormat) {
    super(header)
    this.#format = format
    this.#channelCount = header.channelCount
    this.#frameBytes = header.channelCount * bytesPerValue(format)
  }

  override decode(bytes: Buffer, most: number): DecodedSamples {
    const { frames, used, wrong } = this.#measure(bytes, most)
    const samples = allocateSamples(this.#format, frames * this.#channelCount)
    const times = new Float64Array(frames)
    // XDF is little-endian, and so is every machine that Node runs LSL on; stamps lie between the frames, hence the copy.
    const target = new Uint8Array(samples.buffer)
    const cursor = new ByteCursor(bytes)
    for (let i = 0; i < frames; i++) {
      const stamp = this.stamp(cursor)
      times[i] = stamp
      this.accept(stamp)
      bytes.copy(target, i * this.#frameBytes, cursor.at, cursor.at + this.#frameBytes)
      cursor.at += this.#frameBytes
    }
    return { samples, times, used, ...(wrong === undefined ? {} : { wrong }) }
  }

  #measure(bytes: Buffer, most: number): { frames: number; used: number; wrong?: string } {
    let used = 0
    for (let frames = 0; ; frames++) {
      const width = bytes[used]
      if (frames === most || width === undefined) return { frames, used }
      if (width !== 0 && width !== STAMP_BYTES) return { frames, used, wrong: 'a stamp of a wrong width' }
      const next = used + 1 + width + this.#frameBytes
      if (next > bytes.length) return { frames, used }
      used = next
    }
  }
}

class StringDecoder extends SampleDecoder {
  readonly #channelCount: number

  constructor(header: StreamHeader) {
    super(header)
    this.#channelCount = header.channelCount
  }

  override decode(bytes: Buffer, most: number): DecodedSamples {
    const cursor = new ByteCursor(bytes)
    const samples: string[][] = []
    const times: number[] = []
    let used = 0
    let wrong: string | undefined
    try {
      while (samples.length < most && cursor.left > 0) {
        const stamp = this.stamp(cursor)
        const row: string[] = []
        for (let c = 0; c < this.#channelCount; c++) row.push(cursor.take(cursor.variableLength()).toString('utf8'))
        samples.push(row)
        times.push(stamp)
        this.accept(stamp)
        used = cursor.at
      }
    } catch (error) {
      if (!(error instanceof Damaged)) throw error
      if (!error.short) wrong = error.message
    }
    return { samples, times: Float64Array.from(times), used, ...(wrong === undefined ? {} : { wrong }) }
  }
}

/** The decoder for the format of `header`. */
export function decoderFor(header: StreamHeader): SampleDecoder {
  return header.channelFormat === 'string'
    ? new StringDecoder(header)
    : new NumericDecoder(header, header.channelFormat)
}
