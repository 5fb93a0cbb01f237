import type { Chunk } from './chunk.js'
import type { FileWindow } from './file-window.js'
import { BOUNDARY, STREAM_ID_BYTES, TAG, TAG_BYTES, XML_START } from './format.js'

const SCAN_BYTES = 2 ** 20
/** In a longer header the end of its document is not looked for. */
const LONGEST_HEADER_BYTES = 2 ** 22
const SHORTEST_LOOK_BYTES = 2 ** 7

/** Where the reading of a damaged file goes on, and the stream header that stands there, if it is one. */
interface Resumption {
  readonly at: number
  readonly header?: Chunk
}

/**
 * Finds where to go on behind damage at `from`: behind the next boundary chunk, or at the next stream header, without which
 * nothing of its stream can be read. A header is known by its document, so that its own length may be damaged too.
 * `isChunk` tells whether a chunk can begin at a byte.
 */
export async function resumption(
  file: FileWindow,
  from: number,
  isChunk: (at: number) => Promise<boolean>,
): Promise<Resumption> {
  for (let at = from; at < file.size; at += SCAN_BYTES) {
    // The blocks overlap, as the boundary may lie across two of them.
    const block = await file.read(at, SCAN_BYTES + BOUNDARY.length - 1)
    const boundary = block.indexOf(BOUNDARY)
    for (const start of headersIn(boundary < 0 ? block : block.subarray(0, boundary))) {
      const header = await headerAt(file, at + start, isChunk)
      if (header !== undefined) return { at: header.at, header }
    }
    if (boundary >= 0) return { at: at + boundary + BOUNDARY.length }
  }
  return { at: file.size }
}

/** Where a document may begin behind the tag and the stream id of a header. */
function headersIn(block: Buffer): number[] {
  const starts: number[] = []
  const before = TAG_BYTES + STREAM_ID_BYTES
  for (let at = block.indexOf(XML_START); at >= 0; at = block.indexOf(XML_START, at + 1))
    if (at >= before && block.readUInt16LE(at - before) === TAG.streamHeader) starts.push(at)
  return starts
}

async function headerAt(
  file: FileWindow,
  documentAt: number,
  isChunk: (at: number) => Promise<boolean>,
): Promise<Chunk | undefined> {
  const start = documentAt - STREAM_ID_BYTES
  const end = await endOfDocument(file, documentAt, isChunk)
  return end === undefined ? undefined : { tag: TAG.streamHeader, at: start - TAG_BYTES, start, end, whole: true }
}

/**
 * Where the document at `from` ends and a chunk, or the end of the file, follows; undefined where none begins, or it does not end
 * so. Looks no further than to where the next document begins: however many headers a file seems to have, each of its bytes
 * is looked at a few times.
 */
export async function endOfDocument(
  file: FileWindow,
  from: number,
  isChunk: (at: number) => Promise<boolean>,
): Promise<number | undefined> {
  if ((await file.read(from, XML_START.length)).toString('latin1') !== XML_START) return undefined
  for (let length = SHORTEST_LOOK_BYTES; ; length *= 4) {
    const text = (await file.read(from, Math.min(length, LONGEST_HEADER_BYTES))).toString('latin1')
    const next = text.indexOf(XML_START, 1)
    // liblsl ends a document with a line break.
    for (const { index, 0: end } of text.slice(0, next < 0 ? undefined : next).matchAll(/<\/info>\s*/g)) {
      const at = from + index + end.length
      if (at === file.size || (await isChunk(at))) return at
    }
    if (next >= 0 || text.length < length) return undefined
  }
}
