import { childOf } from '../lsl/xml.js'
import type { XmlElement } from '../lsl/xml.js'
import type { ClockOffset } from './stamps/clock-map.js'
import { footerCount } from './stamps/last-offset.js'
import { openXdf } from './open-xdf.js'
import type { OpenXdfOptions } from './open-xdf.js'
import type { XdfStreamHeader } from './recorded-chunks.js'
import { AS_RECORDED } from './stamps/stamp-correction.js'
import { readDocument } from './stream-header.js'

/** A longer step between two stamps of a regular stream, in periods, is a gap. */
const GAP_PERIODS = 1.5

/** What a file holds of one stream. */
export interface StreamDescription {
  readonly stream: XdfStreamHeader
  readonly frames: number
  /** From the first stamp to the last; a clock that was set back takes nothing away. */
  readonly seconds: number
  /** Frames per second, gaps left out; 0 where that is not known. */
  readonly rate: number
  /** Steps between two stamps of a regular stream that are too long, and the frames that would fill them. */
  readonly gaps: number
  readonly gapFrames: number
  readonly clockOffsets: readonly ClockOffset[]
  /** Undefined where the recording of this stream was never ended. */
  readonly footer: XmlElement | undefined
  /** Frames that the footer counts; NaN where there is none. */
  readonly counted: number
}

export interface FileDescription {
  /** The root of the file header; undefined where there is none. */
  readonly header: XmlElement | undefined
  readonly streams: readonly StreamDescription[]
  /** What is damaged, one line for each kind. */
  readonly damage: readonly string[]
}

interface Seen {
  readonly stream: XdfStreamHeader
  readonly clockOffsets: ClockOffset[]
  frames: number
  seconds: number
  lastTime: number
  gaps: number
  gapFrames: number
  gapS: number
  footerXml?: string
}

/** Reads a recording of any size once, and describes what it holds. Rejects as openXdf() does. */
export async function describeXdf(
  file: string,
  options: Pick<OpenXdfOptions, 'onProgress'> = {},
): Promise<FileDescription> {
  const damage: string[] = []
  const streams = new Map<number, Seen>()
  let header: XmlElement | undefined
  for await (const chunk of openXdf(file, { ...options, ...AS_RECORDED, onDamage: what => damage.push(what) })) {
    if (chunk.kind === 'file') header ??= readDocument(chunk.xml)
    if (chunk.kind === 'stream') streams.set(chunk.stream.id, unseen(chunk.stream))
    const seen = 'stream' in chunk ? streams.get(chunk.stream.id) : undefined
    if (seen === undefined) continue
    if (chunk.kind === 'samples') addTimes(seen, chunk.times)
    else if (chunk.kind === 'clockOffset') seen.clockOffsets.push({ time: chunk.time, offset: chunk.offset })
    else if (chunk.kind === 'footer') seen.footerXml = chunk.xml
  }
  return { header, streams: Array.from(streams.values(), describe), damage }
}

function unseen(stream: XdfStreamHeader): Seen {
  return { stream, clockOffsets: [], frames: 0, seconds: 0, lastTime: NaN, gaps: 0, gapFrames: 0, gapS: 0 }
}

function addTimes(seen: Seen, times: Float64Array): void {
  const { nominalSrate } = seen.stream
  seen.frames += times.length
  for (const time of times) {
    const stepS = time - seen.lastTime
    if (stepS > 0) seen.seconds += stepS
    if (nominalSrate > 0 && Math.abs(stepS) * nominalSrate > GAP_PERIODS) {
      seen.gaps++
      seen.gapFrames += Math.max(0, Math.round(stepS * nominalSrate) - 1)
      seen.gapS += Math.max(0, stepS - 1 / nominalSrate)
    }
    seen.lastTime = time
  }
}

function describe({ gapS, footerXml, lastTime: _, ...seen }: Seen): StreamDescription {
  const seconds = seen.seconds - gapS
  return {
    ...seen,
    rate: seen.frames > 1 && seconds > 0 ? (seen.frames - 1) / seconds : 0,
    footer: footerXml === undefined ? undefined : readDocument(footerXml),
    counted: footerXml === undefined ? NaN : footerCount(footerXml),
  }
}

/** What a recorder wrote into the footer on missing samples, by cause; empty where it says nothing. */
export function missingInFooter(
  footer: XmlElement | undefined,
): readonly (readonly [cause: string, samples: number])[] {
  const causes = childOf(footer, 'missing_samples')?.children ?? []
  return causes.map(({ name, text }) => [name.replaceAll('_', ' '), Number(text)] as const).filter(([, samples]) => samples > 0) // prettier-ignore
}
