import * as check from '../check.js'
import { DareplaneError } from '../errors.js'
import { DamageLog } from './damage-log.js'
import { FileWindow } from './file-window.js'
import { MAGIC } from './format.js'
import { RecordedChunks } from './recorded-chunks.js'
import type { XdfChunk, XdfStreamHeader } from './recorded-chunks.js'
import { withCorrectedStamps } from './stamps/stamp-correction.js'
import type { StampOptions } from './stamps/stamp-correction.js'

/** Which streams are read, and how their stamps are corrected. */
export interface OpenXdfOptions extends StampOptions {
  /** Only these streams, by name or by number in the file. Default: all. */
  readonly streams?: readonly (string | number)[]
  /** Told at the end of reading what was damaged, one line for each kind of damage and stream. */
  readonly onDamage?: (what: string) => void
  /** Told how far the reading is, at every chunk. */
  readonly onProgress?: (progress: XdfProgress) => void
}

/** How far the reading of a file is. */
export interface XdfProgress {
  /** Bytes read so far. The file is read up to three times. */
  readonly bytes: number
  /** Bytes to be read in all. */
  readonly of: number
}

const streamName = check.mustBe(
  'the name of a stream, or its number in the file',
  (value): value is string | number => typeof value === 'string' || typeof value === 'number',
)
const given = check.options<OpenXdfOptions>('openXdf', "openXdf('run-1.xdf', { streams: ['EEG'] })", {
  streams: check.list(streamName),
  synchronizeClocks: check.flag,
  dejitter: check.flag,
  onDamage: check.callback,
  onProgress: check.callback,
})
const GZIP = Buffer.of(0x1f, 0x8b)

/**
 * Reads a recording in XDF (the format of LabRecorder) of any size piece by piece, in memory that does not grow with the
 * file: `for await (const chunk of openXdf(file))`. Corrected stamps depend on the whole recording: for clocks and jitter the
 * file is read two or three times, and once without either. What a cut or damaged file still holds is delivered. Throws
 * ERR_FILE_INVALID when the file cannot be read or is not XDF, ERR_STREAM_NOT_FOUND when it does not hold a wanted stream.
 * Every iteration starts anew. Any thread.
 */
export function openXdf(file: string, options: OpenXdfOptions = {}): AsyncIterable<XdfChunk> {
  check.nonEmpty('file', file)
  const checked = given(options)
  return { [Symbol.asyncIterator]: () => read(file, checked) }
}

async function* read(path: string, options: OpenXdfOptions): AsyncGenerator<XdfChunk, void, undefined> {
  const { streams, synchronizeClocks = true, dejitter = true, onDamage, onProgress } = options
  await using file = await FileWindow.open(path)
  await checkMagic(path, file)
  const isWanted = ({ name, id }: XdfStreamHeader): boolean =>
    streams === undefined || streams.includes(name) || streams.includes(id)
  const of = file.size * (1 + (synchronizeClocks || dejitter ? 1 : 0) + (dejitter ? 1 : 0))
  let passes = 0
  let damage = new DamageLog()
  async function* readAgain(): AsyncGenerator<XdfChunk> {
    damage = new DamageLog()
    for await (const chunk of new RecordedChunks(file, damage, isWanted)) {
      onProgress?.({ bytes: passes * file.size + chunk.at, of })
      yield chunk
    }
    passes++
    onProgress?.({ bytes: passes * file.size, of })
  }

  const held: XdfStreamHeader[] = []
  for await (const chunk of withCorrectedStamps(readAgain, { synchronizeClocks, dejitter })) {
    if (chunk.kind === 'stream') held.push(chunk.stream)
    yield chunk
  }
  for (const line of damage.lines()) onDamage?.(`${path}: ${line}`)
  const missing = streams?.find(which => !held.some(({ name, id }) => which === name || which === id))
  if (missing !== undefined) {
    const which = typeof missing === 'string' ? `'${missing}'` : `number ${missing}`
    throw new DareplaneError('ERR_STREAM_NOT_FOUND', `${path} holds no stream ${which}`)
  }
}

async function checkMagic(path: string, file: FileWindow): Promise<void> {
  const start = await file.read(0, MAGIC.length)
  if (start.toString('latin1') === MAGIC) return
  const isCompressed = start.subarray(0, 2).equals(GZIP)
  const other = isCompressed ? 'it is compressed; unpack it first' : `it does not begin with '${MAGIC}'`
  const why = file.size === 0 ? 'it is empty' : other
  throw new DareplaneError('ERR_FILE_INVALID', `${path} is not an XDF recording: ${why}`)
}
