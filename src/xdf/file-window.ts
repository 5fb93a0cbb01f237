import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { DareplaneError } from '../errors.js'

const WINDOW_BYTES = 2 ** 20

/** Looks at a file of any size through a window in memory that moves over it. One caller at a time. */
export class FileWindow implements AsyncDisposable {
  readonly size: number
  readonly #handle: FileHandle
  #bytes = Buffer.allocUnsafe(WINDOW_BYTES)
  /** The part of the file that #bytes holds. */
  #start = 0
  #end = 0

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle
    this.size = size
  }

  /** Opens `file`, as long as it is now. Rejects with ERR_FILE_INVALID. */
  static async open(file: string): Promise<FileWindow> {
    try {
      const handle = await open(file, 'r')
      const stat = await handle.stat()
      if (stat.isFile()) return new FileWindow(handle, stat.size)
      await handle.close()
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new DareplaneError('ERR_FILE_INVALID', `${file} cannot be read: ${reason}`, { cause })
    }
    throw new DareplaneError('ERR_FILE_INVALID', `${file} cannot be read: it is not a file`)
  }

  /** The `length` bytes from `at` on, or what the file has of them. They are valid until the next call. */
  async read(at: number, length: number): Promise<Buffer> {
    const end = Math.min(this.size, at + length)
    if (at < this.#start || end > this.#end) await this.#move(at, end)
    return this.#bytes.subarray(at - this.#start, Math.min(end, this.#end) - this.#start)
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #move(at: number, end: number): Promise<void> {
    const kept =
      at >= this.#start && at < this.#end ? this.#bytes.subarray(at - this.#start, this.#end - this.#start) : undefined
    const room = Math.max(WINDOW_BYTES, end - at)
    const target = room > this.#bytes.length ? Buffer.allocUnsafe(room) : this.#bytes
    let filled = kept?.copy(target) ?? 0
    this.#bytes = target
    while (filled < end - at) {
      const { bytesRead } = await this.#handle.read(target, filled, target.length - filled, at + filled)
      // The file has become shorter since it was opened.
      if (bytesRead === 0) break
      filled += bytesRead
    }
    this.#start = at
    this.#end = at + filled
  }
}
