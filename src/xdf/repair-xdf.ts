import { rm } from 'node:fs/promises'
import { openNewFile } from '../system/new-file.js'
import type { ClockOffset } from './stamps/clock-map.js'
import { fileHeaderXml, footerXml } from './documents.js'
import { footerCount } from './stamps/last-offset.js'
import { openXdf } from './open-xdf.js'
import type { OpenXdfOptions } from './open-xdf.js'
import type { XdfStreamHeader } from './recorded-chunks.js'
import { AS_RECORDED } from './stamps/stamp-correction.js'
import { strictHeader } from './strict-header.js'
import { XdfBytes } from './xdf-bytes.js'

/** So much is written at once, with a boundary behind it. */
const BLOCK_BYTES = 2 ** 22

/** What is in the repaired file. */
export interface Repaired {
  readonly streams: readonly {
    readonly stream: XdfStreamHeader
    readonly frames: number
    readonly hadFooter: boolean
  }[]
  /** What was left out, one line for each kind. */
  readonly damage: readonly string[]
}

interface Copied {
  readonly stream: XdfStreamHeader
  readonly offsets: ClockOffset[]
  frames: number
  firstTime: number | undefined
  lastTime: number | undefined
  footerXml: string | undefined
}

/**
 * Writes all that `file` still holds to `target`, a new file that is whole: with boundaries, and with a footer for each stream,
 * made anew where it is missing or wrong. `file` is not changed. Of any size. Rejects with ERR_FILE_EXISTS when `target` is
 * there, and as openXdf() does.
 */
export async function repairXdf(
  file: string,
  target: string,
  options: Pick<OpenXdfOptions, 'onProgress'> = {},
): Promise<Repaired> {
  const damage: string[] = []
  const streams = new Map<number, Copied>()
  const chunks = openXdf(file, { ...options, ...AS_RECORDED, onDamage: what => damage.push(what) })[
    Symbol.asyncIterator
  ]()
  // The first chunk is read before the target is made: a file that is no recording leaves none behind.
  let next = await chunks.next()
  const handle = await openNewFile(target)
  try {
    const bytes = new XdfBytes()
    const hasHeader = next.done !== true && next.value.kind === 'file'
    if (!hasHeader) bytes.fileHeader(fileHeaderXml(new Date(), 'repaired'))
    const write = async (): Promise<void> => {
      await handle.appendFile(bytes.bytes)
      bytes.truncate(0)
    }
    for (; next.done !== true; next = await chunks.next()) {
      const chunk = next.value
      if (chunk.kind === 'file') {
        if (chunk.at === 4) bytes.fileHeader(chunk.xml)
      } else if (chunk.kind === 'boundary') bytes.boundary()
      else if (chunk.kind === 'stream') {
        streams.set(chunk.stream.id, { stream: chunk.stream, offsets: [], frames: 0, firstTime: undefined, lastTime: undefined, footerXml: undefined }) // prettier-ignore
        bytes.streamHeader(chunk.stream.id, strictHeader(chunk.stream.headerXml))
      } else {
        const copied = streams.get(chunk.stream.id)
        if (copied === undefined) continue
        if (chunk.kind === 'footer') copied.footerXml = chunk.xml
        else if (chunk.kind === 'clockOffset') {
          copied.offsets.push({ time: chunk.time, offset: chunk.offset })
          bytes.clockOffset(chunk.stream.id, chunk.time, chunk.offset)
        } else {
          copied.frames += chunk.times.length
          copied.firstTime ??= chunk.times[0]
          copied.lastTime = chunk.times.at(-1)
          bytes.samples({ ...chunk.stream }, chunk.samples, chunk.times)
        }
      }
      if (bytes.length >= BLOCK_BYTES) {
        bytes.boundary()
        await write()
      }
    }
    bytes.boundary()
    for (const copied of streams.values()) bytes.streamFooter(copied.stream.id, footerOf(copied))
    await write()
    await handle.datasync()
  } catch (error) {
    // A part of the recording must not be taken for all of it.
    await rm(target, { force: true })
    throw error
  } finally {
    await handle.close()
    await chunks.return?.()
  }
  const copied = Array.from(streams.values(), ({ stream, frames, footerXml: xml }) => ({ stream, frames, hadFooter: xml !== undefined })) // prettier-ignore
  return { streams: copied, damage }
}

/** The footer that was there, if it is right; else one from what is there. */
function footerOf({ footerXml: xml, frames, firstTime, lastTime, offsets }: Copied): string {
  if (xml !== undefined && footerCount(xml) === frames) return xml
  return footerXml({ firstTime, lastTime, sampleCount: frames, clockOffsets: offsets })
}
