import type { SampleArray } from '../channel-format.js'
import { ByteCursor, Damaged } from './byte-cursor.js'
import { ChunkWalker } from './chunk-walker.js'
import type { Chunk } from './chunk.js'
import type { DamageLog } from './damage-log.js'
import type { FileWindow } from './file-window.js'
import { STREAM_ID_BYTES, TAG } from './format.js'
import { decoderFor } from './sample-decoder.js'
import type { SampleDecoder } from './sample-decoder.js'
import { parseStreamHeader } from './stream-header.js'
import type { StreamHeader } from './stream-header.js'

/** A recorded stream, as its header describes it. */
export interface XdfStreamHeader extends StreamHeader {
  /** Its number in the file. */
  readonly id: number
  /** The `<info>` document of the outlet, as recorded. */
  readonly headerXml: string
}

/** One piece of a recording, in the order of the file; `at` is the byte where its chunk begins. */
export type XdfChunk =
  | { readonly kind: 'file'; readonly at: number; readonly xml: string }
  | { readonly kind: 'stream'; readonly at: number; readonly stream: XdfStreamHeader }
  | {
      readonly kind: 'samples'
      readonly at: number
      readonly stream: XdfStreamHeader
      /** Frames x channels, row-major; rows of strings for a string stream. */
      readonly samples: SampleArray | string[][]
      /** One stamp for each frame, seconds. */
      readonly times: Float64Array
      /** Index of the first frame in its stream. */
      readonly start: number
    }
  | {
      readonly kind: 'clockOffset'
      readonly at: number
      readonly stream: XdfStreamHeader
      readonly time: number
      readonly offset: number
    }
  | { readonly kind: 'boundary'; readonly at: number }
  | { readonly kind: 'footer'; readonly at: number; readonly stream: XdfStreamHeader; readonly xml: string }

type SamplesChunk = Extract<XdfChunk, { kind: 'samples' }>

/** Samples come in pieces of about so many bytes, whatever the length of their chunk. */
const PIECE_BYTES = 2 ** 18
/** No sample is longer: one that says so is damaged. */
const LONGEST_SAMPLE_BYTES = 2 ** 29
/** No header, footer or offset is longer either. */
const LONGEST_TEXT_BYTES = 2 ** 28
/** The width of a number and the longest number. */
const COUNT_BYTES = 9

interface Known {
  readonly stream: XdfStreamHeader
  readonly decoder: SampleDecoder
  frames: number
}

/** Reads the chunks of a file in order, with the stamps as recorded. What is damaged is left out and noted. */
export class RecordedChunks {
  readonly #file: FileWindow
  readonly #damage: DamageLog
  readonly #wanted: (stream: XdfStreamHeader) => boolean
  /** By id; undefined is a stream that is left out. */
  readonly #known = new Map<number, Known | undefined>()

  constructor(file: FileWindow, damage: DamageLog, wanted: (stream: XdfStreamHeader) => boolean) {
    this.#file = file
    this.#damage = damage
    this.#wanted = wanted
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<XdfChunk> {
    const walker = new ChunkWalker(this.#file, this.#damage)
    for (let chunk = await walker.next(); chunk !== undefined; chunk = await walker.next()) {
      try {
        if (chunk.tag === TAG.samples) yield* this.#samples(chunk, walker)
        else {
          const read = await this.#read(chunk)
          if (read !== undefined) yield read
        }
      } catch (error) {
        if (!(error instanceof Damaged)) throw error
        this.#damage.note(error.message, chunk.at)
      }
    }
  }

  async #read(chunk: Chunk): Promise<XdfChunk | undefined> {
    const { tag, at } = chunk
    if (tag === TAG.boundary) return { kind: 'boundary', at }
    if (tag === TAG.fileHeader) return { kind: 'file', at, xml: await this.#text(chunk, 0) }
    const id = new ByteCursor(await this.#file.read(chunk.start, this.#within(chunk, STREAM_ID_BYTES))).uint32()
    if (tag === TAG.streamHeader) return this.#begin(id, chunk)
    const known = this.#find(id)
    if (known === undefined) return undefined
    const { stream } = known
    if (tag === TAG.clockOffset) {
      const content = new ByteCursor(await this.#file.read(chunk.start + STREAM_ID_BYTES, this.#within(chunk, 20) - STREAM_ID_BYTES)) // prettier-ignore
      return { kind: 'clockOffset', at, stream, time: content.float64(), offset: content.float64() }
    }
    if (!chunk.whole) return undefined
    return { kind: 'footer', at, stream, xml: await this.#text(chunk, STREAM_ID_BYTES) }
  }

  async #begin(id: number, chunk: Chunk): Promise<XdfChunk | undefined> {
    if (this.#known.has(id)) throw new Damaged(`stream ${id} begins twice; the second header is ignored`)
    const headerXml = await this.#text(chunk, STREAM_ID_BYTES)
    const header = parseStreamHeader(headerXml)
    if (typeof header === 'string') {
      this.#known.set(id, undefined)
      throw new Damaged(`stream ${id} is left out: ${header}`)
    }
    const stream: XdfStreamHeader = { id, headerXml, ...header }
    const wanted = this.#wanted(stream)
    this.#known.set(id, wanted ? { stream, decoder: decoderFor(stream), frames: 0 } : undefined)
    return wanted ? { kind: 'stream', at: chunk.at, stream } : undefined
  }

  async *#samples(chunk: Chunk, walker: ChunkWalker): AsyncGenerator<SamplesChunk> {
    const head = new ByteCursor(await this.#file.read(chunk.start, this.#within(chunk, STREAM_ID_BYTES + COUNT_BYTES)))
    const known = this.#find(head.uint32())
    if (known === undefined) return
    const { stream, decoder } = known
    let left = head.variableLength()
    let at = chunk.start + head.at
    let length = PIECE_BYTES
    while (left > 0) {
      const bytes = await this.#file.read(at, Math.min(length, chunk.end - at))
      const { samples, times, used, wrong } = decoder.decode(bytes, left)
      at += used
      left -= times.length
      const start = known.frames
      known.frames += times.length
      if (times.length > 0) yield { kind: 'samples', at: chunk.at, stream, samples, times, start }
      const atEnd = at - used + bytes.length >= chunk.end || length > LONGEST_SAMPLE_BYTES
      if (wrong !== undefined || (times.length === 0 && atEnd)) {
        await walker.doubt(chunk, at)
        throw new Damaged(`samples of ${called(stream)} are missing: ${wrong ?? 'their chunk ends too early'}`)
      }
      // A sample that is longer than what was read.
      length = times.length === 0 ? 2 * length : PIECE_BYTES
    }
    if (at < chunk.end) await walker.doubt(chunk, at)
  }

  #find(id: number): Known | undefined {
    if (!this.#known.has(id)) throw new Damaged(`chunks of stream ${id}, which has no header, are left out`)
    return this.#known.get(id)
  }

  async #text(chunk: Chunk, from: number): Promise<string> {
    const length = chunk.end - chunk.start - from
    if (length < 0 || length > LONGEST_TEXT_BYTES)
      throw new Damaged('a header or footer of an impossible length is left out')
    return (await this.#file.read(chunk.start + from, length)).toString('utf8')
  }

  #within({ start, end }: Chunk, length: number): number {
    return Math.min(length, end - start)
  }
}

/** A stream as messages name it. */
export function called({ name, id }: XdfStreamHeader): string {
  return `'${name}' (stream ${id})`
}
