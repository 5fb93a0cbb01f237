import { constants, lstatSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { DareplaneError, errorCode } from '../../errors.js'

// Windows has no O_NOFOLLOW: there the look before must do.
const FLAGS =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | ((constants.O_NOFOLLOW as number | undefined) ?? 0)

/** A file that is open for appending, and still the one that its path names. */
export class AppendFile {
  readonly path: string
  readonly #handle: FileHandle
  readonly #identity: BigIntStats
  /** Bytes in the file. */
  size: number

  private constructor(path: string, handle: FileHandle, identity: BigIntStats) {
    this.path = path
    this.#handle = handle
    this.#identity = identity
    this.size = Number(identity.size)
  }

  /**
   * Opens the file, made for its owner only. A symbolic link is refused: a folder that others may write to must not lead us
   * to a file elsewhere. Rejects with ERR_FILE_INVALID.
   */
  static async open(path: string, extraFlags = 0): Promise<AppendFile> {
    try {
      const handle = await open(path, FLAGS | extraFlags, 0o600)
      const file = new AppendFile(path, handle, await handle.stat({ bigint: true }))
      if (file.isInPlace) return file
      await handle.close()
    } catch (cause) {
      const code = errorCode(cause) ?? String(cause)
      if (code !== 'ELOOP' && code !== 'EMLINK')
        throw new DareplaneError('ERR_FILE_INVALID', `The log file ${path} cannot be opened (${code})`, { cause })
    }
    throw new DareplaneError('ERR_FILE_INVALID', `The log file ${path} is a symbolic link`)
  }

  /** Tells it from other files of its disk. */
  get id(): string {
    return String(this.#identity.ino)
  }

  /** False when the path names another file by now, or none: what is written here would be seen by nobody. */
  get isInPlace(): boolean {
    try {
      const now = lstatSync(this.path, { bigint: true, throwIfNoEntry: false })
      return now !== undefined && now.ino === this.#identity.ino && now.dev === this.#identity.dev
    } catch {
      // The path cannot be looked at, for whatever reason: the file that is open is still the best there is.
      return true
    }
  }

  /** Appends `bytes`; resolves to how many of them the file took, which on a disk that fills up is a part. */
  async write(bytes: Buffer): Promise<number> {
    const { bytesWritten } = await this.#handle.write(bytes)
    this.size += bytesWritten
    return bytesWritten
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}
