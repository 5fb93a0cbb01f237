import { allocateSamples } from '../channel-format.js'
import type { SampleArray } from '../channel-format.js'
import { DareplaneError } from '../errors.js'
import type { ClockOffset } from './stamps/clock-map.js'
import { openXdf } from './open-xdf.js'
import type { OpenXdfOptions } from './open-xdf.js'
import type { XdfStreamHeader } from './recorded-chunks.js'

/** One recorded stream, whole. */
export interface XdfStream extends XdfStreamHeader {
  /** Frames x channels, row-major; rows of strings for a string stream. */
  readonly samples: SampleArray | string[][]
  /** One stamp for each frame, seconds. */
  readonly times: Float64Array
  readonly clockOffsets: readonly ClockOffset[]
  readonly footerXml?: string
}

interface Collected {
  readonly stream: XdfStreamHeader
  readonly blocks: (SampleArray | string[][])[]
  readonly times: Float64Array[]
  readonly clockOffsets: ClockOffset[]
  footerXml?: string
}

/**
 * Reads a recording whole into memory, one entry for each stream; {@link openXdf} reads what is larger. Rejects with
 * ERR_FILE_INVALID when the file cannot be read, is not XDF or holds no stream, and as openXdf does. Any thread.
 */
export async function readXdf(file: string, options: OpenXdfOptions = {}): Promise<XdfStream[]> {
  const streams = new Map<number, Collected>()
  for await (const chunk of openXdf(file, options)) {
    if (chunk.kind === 'stream')
      streams.set(chunk.stream.id, { stream: chunk.stream, blocks: [], times: [], clockOffsets: [] })
    if (!('stream' in chunk)) continue
    const collected = streams.get(chunk.stream.id)
    if (collected === undefined) continue
    if (chunk.kind === 'samples') {
      collected.blocks.push(chunk.samples)
      collected.times.push(chunk.times)
    } else if (chunk.kind === 'clockOffset') collected.clockOffsets.push({ time: chunk.time, offset: chunk.offset })
    else if (chunk.kind === 'footer') collected.footerXml = chunk.xml
  }
  if (streams.size === 0) throw new DareplaneError('ERR_FILE_INVALID', `${file} holds no stream that can be read`)
  return Array.from(streams.values(), wholeStream)
}

function wholeStream({ stream, blocks, times, clockOffsets, footerXml }: Collected): XdfStream {
  const frames = times.reduce((sum, { length }) => sum + length, 0)
  return {
    ...stream,
    samples: joined(stream, blocks, frames),
    times: joinInto(new Float64Array(frames), times),
    clockOffsets,
    ...(footerXml === undefined ? {} : { footerXml }),
  }
}

function joined(
  { channelFormat, channelCount }: XdfStreamHeader,
  blocks: readonly (SampleArray | string[][])[],
  frames: number,
): SampleArray | string[][] {
  if (channelFormat === 'string') return blocks.filter(isRows).flat()
  const numbers = blocks.flatMap(block => (isRows(block) ? [] : [block]))
  return joinInto(allocateSamples(channelFormat, frames * channelCount), numbers)
}

function isRows(block: SampleArray | string[][]): block is string[][] {
  return Array.isArray(block)
}

function joinInto<A extends SampleArray>(target: A, parts: readonly SampleArray[]): A {
  let at = 0
  for (const part of parts) {
    // All are of one type: TypeScript cannot know that, and BigInt64Array.set takes nothing else.
    ;(target as Float64Array).set(part as Float64Array, at)
    at += part.length
  }
  return target
}
