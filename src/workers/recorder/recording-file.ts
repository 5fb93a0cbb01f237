import { open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '../../errors.js'
import { openNewFile, whyNotWritten } from '../../system/new-file.js'

/** A write that is tried again: the disk is full, or the drive away. */
const RETRY_MS = 250
/** A disk that takes longer for a write is told. */
const SLOW_MS = 1000

/** What of a file handle a recording needs: a test puts a disk with faults there. */
export interface RecordingHandle {
  write(bytes: Buffer, offset: number, length: number, position: number): Promise<{ readonly bytesWritten: number }>
  datasync(): Promise<void>
  stat(): Promise<{ readonly ino: number }>
  close(): Promise<void>
}

export interface RecordingFileListeners {
  /** The disk does not take data, and why. Told once until it does. */
  trouble(reason: string): void
  /** It does again. */
  well(): void
}

/** Thrown when a recording had to end before the disk took everything. */
export class GaveUp extends Error {
  override readonly name = 'GaveUp'
}

/** Thrown when the file is no longer where it was made: what is written to it would be lost with it. */
export class FileGone extends Error {
  override readonly name = 'FileGone'
}

/**
 * The file of a recording. What it is given reaches the disk in order and without a gap, however often a write fails: nothing
 * is skipped, and a write that came to its half goes on from there. One write at a time.
 */
export class RecordingFile {
  readonly path: string
  readonly #handle: RecordingHandle
  readonly #listeners: RecordingFileListeners
  readonly #givingUp = new AbortController()
  #position = 0
  #trouble: string | undefined

  constructor(path: string, handle: RecordingHandle, listeners: RecordingFileListeners) {
    this.path = path
    this.#handle = handle
    this.#listeners = listeners
  }

  /** A new file. Rejects with ERR_FILE_EXISTS, or with ERR_FILE_INVALID where it cannot be made. */
  static async create(path: string, listeners: RecordingFileListeners): Promise<RecordingFile> {
    const handle = await openNewFile(path)
    await syncFolder(dirname(path))
    return new RecordingFile(path, handle, listeners)
  }

  /** Bytes that the disk has taken. */
  get bytes(): number {
    return this.#position
  }

  /** Why the disk does not take data at this time. */
  get trouble(): string | undefined {
    return this.#trouble
  }

  /** Resolves when all of `bytes` are written. Rejects with {@link FileGone}, or with {@link GaveUp} after giveUp(). */
  async append(bytes: Buffer): Promise<void> {
    let done = 0
    while (done < bytes.length) {
      const start = done
      await this.#insist(async () => {
        const { bytesWritten } = await this.#handle.write(bytes, start, bytes.length - start, this.#position)
        done += bytesWritten
        this.#position += bytesWritten
      })
    }
  }

  /** Resolves when everything is on the disk itself. Rejects as append() does. */
  async sync(): Promise<void> {
    await this.#insist(() => this.#handle.datasync())
    if (await this.#orGiveUp(this.#isGone())) throw new FileGone()
  }

  /** Ends all waiting for the disk. */
  giveUp(): void {
    this.#givingUp.abort()
  }

  /** Does not wait for a disk that hangs. */
  async close(): Promise<void> {
    await this.#orGiveUp(this.#handle.close().catch(() => undefined)).catch(() => undefined)
  }

  async #insist(work: () => Promise<void>): Promise<void> {
    for (;;) {
      const slow = setTimeout(() => this.#tell('the disk does not answer'), SLOW_MS)
      try {
        await this.#orGiveUp(work())
        if (this.#trouble !== undefined) {
          this.#trouble = undefined
          this.#listeners.well()
        }
        return
      } catch (error) {
        if (error instanceof GaveUp) throw error
        if (await this.#orGiveUp(this.#isGone())) throw new FileGone()
        this.#tell(whyNotWritten(error))
      } finally {
        clearTimeout(slow)
      }
      await this.#orGiveUp(new Promise(resolve => setTimeout(resolve, RETRY_MS)))
    }
  }

  async #isGone(): Promise<boolean> {
    try {
      return (await stat(this.path)).ino !== (await this.#handle.stat()).ino
    } catch (error) {
      return errorCode(error) === 'ENOENT'
    }
  }

  #tell(reason: string): void {
    if (this.#trouble === reason) return
    this.#trouble = reason
    this.#listeners.trouble(reason)
  }

  async #orGiveUp<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#givingUp
    let stop = (): void => undefined
    const gaveUp = new Promise<never>((_, reject) => {
      stop = () => reject(new GaveUp(this.#trouble ?? 'the disk does not answer'))
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop)
    })
    try {
      return await Promise.race([work, gaveUp])
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}

/** So that the name of the file survives a power cut too. Where folders cannot be synced that is left to the system. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    await handle.sync().finally(() => handle.close())
  } catch {
    // Windows opens no folders.
  }
}
