import { bytesPerValue } from '../channel-format.js'
import type { SampleArray } from '../channel-format.js'
import { BOUNDARY, MAGIC, STAMP_BYTES, STREAM_ID_BYTES, TAG, TAG_BYTES } from './format.js'
import type { StreamHeader } from './stream-header.js'

/** What encoding the samples of a stream needs to know of it. */
export type EncodedStream = Pick<StreamHeader, 'channelCount' | 'channelFormat' | 'nominalSrate'> & {
  readonly id: number
}

/** A length or a count that is written before it is known: the byte 4 and four bytes. */
const COUNT_BYTES = 5
const HEAD_BYTES = COUNT_BYTES + TAG_BYTES
const FIRST_BYTES = 2 ** 16

/** Bytes of an XDF file, built in memory, which is kept for the next ones. The order of the chunks is the caller's. */
export class XdfBytes {
  #target = Buffer.allocUnsafe(FIRST_BYTES)
  #view = viewOf(this.#target)
  #at = 0

  get length(): number {
    return this.#at
  }

  /** What has been built, valid until more is. */
  get bytes(): Buffer {
    return this.#target.subarray(0, this.#at)
  }

  /** Takes back what was built behind the first `length` bytes. */
  truncate(length: number): void {
    this.#at = length
  }

  /** Adds whole chunks that were built before. */
  append(chunks: Buffer): void {
    this.#room(chunks.length)
    this.#at += chunks.copy(this.#target, this.#at)
  }

  /** The beginning of every file. */
  fileHeader(xml: string): void {
    this.#room(MAGIC.length)
    this.#at += this.#target.write(MAGIC, this.#at, 'latin1')
    this.#chunk(TAG.fileHeader, undefined, Buffer.from(xml))
  }

  streamHeader(id: number, xml: string): void {
    this.#chunk(TAG.streamHeader, id, Buffer.from(xml))
  }

  clockOffset(id: number, time: number, offset: number): void {
    this.#chunk(TAG.clockOffset, id, Buffer.from(Float64Array.of(time, offset).buffer))
  }

  boundary(): void {
    this.#chunk(TAG.boundary, undefined, BOUNDARY)
  }

  streamFooter(id: number, xml: string): void {
    this.#chunk(TAG.streamFooter, id, Buffer.from(xml))
  }

  /**
   * One chunk with all of `samples` (frames x channels, or rows of strings) and their stamps. A stamp is left out where the
   * reader computes the very same number; never the first one, so that no chunk depends on another.
   */
  samples(stream: EncodedStream, samples: SampleArray | string[][], times: Float64Array): void {
    if (times.length === 0) return
    const start = this.#at
    this.#room(HEAD_BYTES + STREAM_ID_BYTES + COUNT_BYTES)
    this.#at += HEAD_BYTES
    this.#uint32(stream.id)
    this.#count(times.length)
    if (Array.isArray(samples)) this.#rows(stream, samples, times)
    else this.#frames(stream, samples, times)
    const end = this.#at
    this.#at = start
    this.#head(TAG.samples, end - start - HEAD_BYTES)
    this.#at = end
  }

  #frames(
    { channelCount, nominalSrate, channelFormat }: EncodedStream,
    samples: SampleArray,
    times: Float64Array,
  ): void {
    const frameBytes = channelFormat === 'string' ? 0 : channelCount * bytesPerValue(channelFormat)
    const intervalS = nominalSrate > 0 ? 1 / nominalSrate : 0
    this.#room(times.length * (1 + STAMP_BYTES + frameBytes))
    // All frames at once to the end of their room, and from there one after the other to their places between the stamps: out
    // of shared memory a copy of one frame takes six times as long. XDF is little-endian, as is every machine with Node.
    const target = this.#target
    let from = this.#at + times.length * (1 + STAMP_BYTES)
    target.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), from)
    let deduced = NaN
    for (const time of times) {
      this.#stamp(time, deduced)
      deduced = time + intervalS
      target.copyWithin(this.#at, from, from + frameBytes)
      this.#at += frameBytes
      from += frameBytes
    }
  }

  #rows({ nominalSrate }: EncodedStream, rows: readonly string[][], times: Float64Array): void {
    const intervalS = nominalSrate > 0 ? 1 / nominalSrate : 0
    let deduced = NaN
    for (const [i, row] of rows.entries()) {
      const time = times[i] ?? NaN
      this.#room(1 + STAMP_BYTES)
      this.#stamp(time, deduced)
      deduced = time + intervalS
      for (const text of row) {
        const length = Buffer.byteLength(text)
        this.#room(COUNT_BYTES + length)
        if (length > 0xff) this.#count(length)
        else {
          this.#target[this.#at++] = 1
          this.#target[this.#at++] = length
        }
        this.#at += this.#target.write(text, this.#at)
      }
    }
  }

  #stamp(time: number, deduced: number): void {
    const left = time === deduced
    this.#target[this.#at++] = left ? 0 : STAMP_BYTES
    if (left) return
    this.#view.setFloat64(this.#at, time, true)
    this.#at += STAMP_BYTES
  }

  #chunk(tag: number, id: number | undefined, content: Buffer): void {
    const idBytes = id === undefined ? 0 : STREAM_ID_BYTES
    this.#room(HEAD_BYTES + idBytes + content.length)
    this.#head(tag, idBytes + content.length)
    if (id !== undefined) this.#uint32(id)
    this.#at += content.copy(this.#target, this.#at)
  }

  #head(tag: number, contentBytes: number): void {
    this.#count(TAG_BYTES + contentBytes)
    this.#view.setUint16(this.#at, tag, true)
    this.#at += TAG_BYTES
  }

  #count(count: number): void {
    this.#target[this.#at++] = 4
    this.#uint32(count)
  }

  #uint32(value: number): void {
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
  }

  #room(bytes: number): void {
    const needed = this.#at + bytes
    if (needed <= this.#target.length) return
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#target.length))
    this.bytes.copy(grown)
    this.#target = grown
    this.#view = viewOf(grown)
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
