import { open, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

const CHUNK_BYTES = 256 * 1024
/** Beyond the largest number that a rotation of ours or of logrotate uses. */
const MOST_FILES = 100

/**
 * A log file and the ones that were put aside as FILE.1, FILE.2 and so on, read as one stream: the file that is open is read to
 * its end wherever it was renamed to, then the one that followed it.
 */
export class LogSeries {
  readonly #path: string
  #file: FileHandle
  #position: number

  private constructor(path: string, file: FileHandle, position: number) {
    this.#path = path
    this.#file = file
    this.#position = position
  }

  /** Opens the newest file, to be read from its last `tailBytes` on. */
  static async open(path: string, tailBytes: number): Promise<LogSeries> {
    const file = await open(path)
    const { size } = await file.stat()
    return new LogSeries(path, file, Math.max(0, size - tailBytes))
  }

  /** Whether it starts within the file, most likely within a line. */
  get startsInside(): boolean {
    return this.#position > 0
  }

  /** Hands all that can be read to `take`, of this file and of those that have followed it. */
  async read(take: (bytes: Buffer) => void): Promise<void> {
    do await this.#readOn(take)
    while (await this.#goOn(take))
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async #readOn(take: (bytes: Buffer) => void): Promise<void> {
    // The file was emptied, as by `> FILE`.
    if ((await this.#file.stat()).size < this.#position) this.#position = 0
    const chunk = Buffer.alloc(CHUNK_BYTES)
    for (;;) {
      const { bytesRead } = await this.#file.read(chunk, 0, chunk.length, this.#position)
      if (bytesRead === 0) return
      this.#position += bytesRead
      take(chunk.subarray(0, bytesRead))
    }
  }

  /** Opens the file that follows; false when this is the newest one. */
  async #goOn(take: (bytes: Buffer) => void): Promise<boolean> {
    const number = await this.#numberOf(this.#file)
    if (number === 0) return false
    // One that is nowhere was deleted, or moved away by hand: the newest follows it.
    const next = await open(number === undefined ? this.#path : nameOf(this.#path, number - 1)).catch(() => undefined)
    if (next === undefined) return false
    // The file was renamed between the two looks, so another may follow it by now.
    if ((await this.#numberOf(this.#file)) !== number) {
      await next.close()
      return true
    }
    // These lines were written after the last look and before the file was put aside.
    await this.#readOn(take)
    await this.#file.close()
    this.#file = next
    this.#position = 0
    return true
  }

  /** 0 for FILE, 1 for FILE.1 and so on; undefined when `file` has none of these names. */
  async #numberOf(file: FileHandle): Promise<number | undefined> {
    const { ino, dev } = await file.stat({ bigint: true })
    for (let number = 0; number < MOST_FILES; number++) {
      const there = await stat(nameOf(this.#path, number), { bigint: true }).catch(() => undefined)
      if (there?.ino === ino && there.dev === dev) return number
      if (there === undefined && number > 1) return undefined
    }
    return undefined
  }
}

const nameOf = (path: string, number: number): string => (number === 0 ? path : `${path}.${number}`)
