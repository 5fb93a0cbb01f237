import { readFile } from 'node:fs/promises'
import type { ChannelFormat, SampleArray } from '../channel-format.js'
import { DareplaneError } from '../errors.js'
import { Damaged } from './byte-cursor.js'
import type { ByteCursor } from './byte-cursor.js'
import { chunksOf, MAGIC, TAG } from './chunks.js'
import type { Chunk } from './chunks.js'
import { collectorFor } from './samples.js'
import type { SampleCollector } from './samples.js'
import { parseStreamHeader } from './stream-header.js'
import type { StreamHeader } from './stream-header.js'

/** One clock measurement of the recorder, both in seconds: add `offset` to stamps near `time` to reach the recorder's clock. */
export interface ClockOffset {
  readonly time: number
  readonly offset: number
}

/** One recorded stream, as it was on the wire: neither clock-corrected nor dejittered. */
export interface XdfStream {
  readonly id: number
  /** The `<info>` document of the outlet, with its desc tree. */
  readonly headerXml: string
  readonly name: string
  readonly type: string
  readonly sourceId: string
  readonly channelCount: number
  readonly nominalSrate: number
  readonly channelFormat: ChannelFormat
  /** Frames x channels, row-major; rows of strings for a string stream. */
  readonly samples: SampleArray | string[][]
  readonly times: Float64Array
  readonly clockOffsets: readonly ClockOffset[]
  readonly footerXml?: string
}

const STREAM_TAGS: ReadonlySet<number> = new Set(Object.values(TAG))

interface Recording {
  readonly headerXml: string
  readonly header: StreamHeader
  readonly collector: SampleCollector
  readonly clockOffsets: ClockOffset[]
  footerXml?: string
}

/**
 * Reads a recording in XDF (the format of LabRecorder) whole into memory. What a cut or damaged file still holds is kept,
 * and what was lost is told to `onDamage`, one line each. Rejects with ERR_FILE_INVALID when the file cannot be read, is
 * not XDF or holds no stream. Any thread.
 */
export async function readXdf(
  file: string,
  options: { readonly onDamage?: (what: string) => void } = {},
): Promise<XdfStream[]> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DareplaneError('ERR_FILE_INVALID', `${file} cannot be read: ${reason}`, { cause })
  })
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new DareplaneError('ERR_FILE_INVALID', `${file} is not an XDF recording: it does not begin with '${MAGIC}'`)
  }
  const recordings = collect(bytes, what => options.onDamage?.(`${file}: ${what}`))
  if (recordings.size === 0) throw new DareplaneError('ERR_FILE_INVALID', `${file} holds no stream that can be read`)
  return Array.from(recordings, ([id, recording]) => streamOf(id, recording))
}

function collect(file: Buffer, onDamage: (what: string) => void): Map<number, Recording> {
  const recordings = new Map<number, Recording>()
  for (const chunk of chunksOf(file, onDamage)) {
    try {
      addChunk(recordings, chunk)
    } catch (error) {
      if (!(error instanceof Damaged)) throw error
      onDamage(error.message)
    }
  }
  return recordings
}

function addChunk(recordings: Map<number, Recording>, { tag, content, whole }: Chunk): void {
  if (!STREAM_TAGS.has(tag)) return
  const id = content.uint32()
  const recording = recordings.get(id)
  if (tag === TAG.streamHeader) {
    if (recording) throw new Damaged(`stream ${id} begins twice; the second header is ignored`)
    recordings.set(id, begin(id, textOf(content)))
  } else if (!recording) throw new Damaged(`a chunk of stream ${id}, which has no header, is ignored`)
  else if (tag === TAG.samples) addSamples(id, recording, content)
  else if (tag === TAG.clockOffset) recording.clockOffsets.push({ time: content.float64(), offset: content.float64() })
  else if (whole) recording.footerXml = textOf(content)
}

function begin(id: number, headerXml: string): Recording {
  const header = parseStreamHeader(headerXml)
  if (typeof header === 'string') throw new Damaged(`stream ${id} is left out: ${header}`)
  return { headerXml, header, collector: collectorFor(header), clockOffsets: [] }
}

function addSamples(id: number, { header, collector }: Recording, content: ByteCursor): void {
  try {
    collector.addChunk(content)
  } catch (error) {
    if (!(error instanceof Damaged)) throw error
    throw new Damaged(`samples of '${header.name}' (stream ${id}) are missing: ${error.message}`)
  }
}

function textOf(content: ByteCursor): string {
  return content.take(content.left).toString('utf8')
}

function streamOf(id: number, { headerXml, header, collector, clockOffsets, footerXml }: Recording): XdfStream {
  return {
    id,
    headerXml,
    ...header,
    samples: collector.samples,
    times: Float64Array.from(collector.times),
    clockOffsets,
    ...(footerXml === undefined ? {} : { footerXml }),
  }
}
