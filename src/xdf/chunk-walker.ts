import { ByteCursor, Damaged } from './byte-cursor.js'
import type { Chunk } from './chunk.js'
import type { DamageLog } from './damage-log.js'
import type { FileWindow } from './file-window.js'
import { MAGIC, STREAM_ID_BYTES, TAG, TAG_BYTES } from './format.js'
import { endOfDocument, resumption } from './resumption.js'

/** The longest beginning of a chunk: the width of the length, the length, the tag. */
const HEAD_BYTES = 1 + 8 + TAG_BYTES
const LAST_TAG = TAG.streamFooter

/** Walks from chunk to chunk. Where the bytes make no sense it notes the damage and goes on where {@link resumption} says. */
export class ChunkWalker {
  readonly #file: FileWindow
  readonly #damage: DamageLog
  #at = MAGIC.length
  /** The stream header to go on with. */
  #found: Chunk | undefined

  constructor(file: FileWindow, damage: DamageLog) {
    this.#file = file
    this.#damage = damage
  }

  /** The next chunk, undefined behind the last one. */
  async next(): Promise<Chunk | undefined> {
    while (this.#at < this.#file.size) {
      const chunk = this.#found ?? (await this.#chunkAt(this.#at))
      this.#found = undefined
      if (chunk === undefined) {
        this.#damage.note('bytes that are no chunk are skipped', this.#at)
        await this.#resume(this.#at)
      } else {
        const header = await this.#misleadingHeader(chunk)
        if (header !== undefined) this.#at = header.end
        else if (chunk.whole) this.#at = chunk.end
        else await this.#endsEarly(chunk)
        return header ?? chunk
      }
    }
    return undefined
  }

  /** The content of `chunk` made sense only up to `at`: goes on there if a chunk begins there, and else where this one says that it ends. */
  async doubt({ end }: Chunk, at: number): Promise<void> {
    const next = at < end ? await this.#chunkAt(at) : undefined
    if (next?.whole === true) this.#at = at
  }

  async #isChunk(at: number): Promise<boolean> {
    return (await this.#chunkAt(at)) !== undefined
  }

  async #chunkAt(at: number): Promise<Chunk | undefined> {
    const head = new ByteCursor(await this.#file.read(at, HEAD_BYTES))
    try {
      const length = head.variableLength()
      const tag = head.uint16()
      if (length < TAG_BYTES || tag < TAG.fileHeader || tag > LAST_TAG) return undefined
      const start = at + head.at
      const end = start + length - TAG_BYTES
      const whole = end <= this.#file.size
      return { tag, at, start, end: whole ? end : this.#file.size, whole }
    } catch (error) {
      if (error instanceof Damaged) return undefined
      throw error
    }
  }

  /** A header whose document ends elsewhere than its length says, and a chunk follows there. */
  async #misleadingHeader({ tag, at, start, end }: Chunk): Promise<Chunk | undefined> {
    if (tag !== TAG.fileHeader && tag !== TAG.streamHeader) return undefined
    const documentAt = start + (tag === TAG.streamHeader ? STREAM_ID_BYTES : 0)
    const documentEnd = await endOfDocument(
      this.#file,
      documentAt,
      async next => next === end || (await this.#isChunk(next)),
    )
    if (documentEnd === undefined || documentEnd === end) return undefined
    this.#damage.note('a header has a wrong length', at)
    return { tag, at, start, end: documentEnd, whole: true }
  }

  /** Either the recording was cut here, and no boundary follows, or the length is wrong. */
  async #endsEarly({ at, start }: Chunk): Promise<void> {
    this.#damage.note('the file ends inside a chunk', at)
    await this.#resume(start)
  }

  async #resume(from: number): Promise<void> {
    const { at, header } = await resumption(this.#file, from, next => this.#isChunk(next))
    this.#at = at
    this.#found = header
  }
}
