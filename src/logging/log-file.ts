import { lstatSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { createStream } from 'rotating-file-stream'
import type { RotatingFileStream } from 'rotating-file-stream'
import { DareplaneError, errorCode } from '../errors.js'
import { LineQueue } from './line-queue.js'
import { recordLine } from './record-line.js'
import { unixTimeS } from './wall-clock.js'

/** When the file is put aside, as FILE.1, FILE.2 and so on. */
export interface Rotation {
  /** `10M`, `500K`, `1G`: the size that a file may reach. */
  readonly size: string
  /** How many are kept, default 5. */
  readonly files?: number
}

const KEPT_BYTES = 8 * 1024 * 1024
const CONGESTED_BYTES = 4 * 1024 * 1024
/** Written at once. Small, because what is written and not yet confirmed when the process is killed comes twice. */
const CHUNK_BYTES = 64 * 1024
const RETRY_MS = 1000

/**
 * The log file: appended, made for its owner only, put aside by size. While it cannot be written (a full disk) the newest
 * 8 MiB wait in memory, and a line tells how many records were lost once it can be. One process, one thread.
 */
export class LogFile {
  readonly path: string
  readonly #rotation: Rotation | undefined
  readonly #queue = new LineQueue(KEPT_BYTES)
  readonly #onDrain: () => void
  #stream: RotatingFileStream | undefined
  #isWriting = false
  /** Someone may have been told to wait. */
  #wasCongested = false
  #isFailing = false
  #isClosed = false
  #lost = 0
  #failure = ''
  #retry: NodeJS.Timeout | undefined
  #idle: (() => void)[] = []

  /** `onDrain` is called when {@link isCongested} has ended. */
  constructor(path: string, { rotation, onDrain }: { rotation?: Rotation | undefined; onDrain: () => void }) {
    this.path = resolve(path)
    this.#rotation = rotation
    this.#onDrain = onDrain
  }

  /** True while the disk is slower than the clients, who are to wait then. Not while it fails: then the oldest goes. */
  get isCongested(): boolean {
    return !this.#isFailing && this.#queue.bytes > CONGESTED_BYTES
  }

  /** Opens the file, and writes what was appended before. Rejects with ERR_FILE_INVALID when it is a symbolic link or cannot be opened. */
  async open(): Promise<void> {
    let isLink: boolean | undefined
    try {
      // A log folder that others may write to must not lead us to a file elsewhere.
      isLink = lstatSync(this.path, { throwIfNoEntry: false })?.isSymbolicLink()
      if (!isLink) await this.#openStream()
    } catch (cause) {
      const code = errorCode(cause) ?? String(cause)
      throw new DareplaneError('ERR_FILE_INVALID', `The log file ${this.path} cannot be opened (${code})`, { cause })
    }
    if (isLink) throw new DareplaneError('ERR_FILE_INVALID', `The log file ${this.path} is a symbolic link`)
    void this.#write()
  }

  /** Takes `lines` of `records` records; `onKept` is called when they are in the file, or in memory because it fails. */
  append(lines: string, records: number, onKept: () => void): void {
    this.#lost += this.#queue.push({ bytes: Buffer.from(lines), records, onKept })
    if (this.#isFailing) this.#queue.keepAll()
    else void this.#write()
    this.#wasCongested ||= this.isCongested
  }

  /** Writes what is there, as far as the disk lets it, and closes. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#isFailing) {
      clearTimeout(this.#retry)
      await this.#recover()
    }
    if (this.#isWriting) await new Promise<void>(idle => this.#idle.push(idle))
    const stream = this.#stream
    this.#stream = undefined
    if (stream && !stream.destroyed) await new Promise<void>(closed => stream.end(closed))
  }

  async #openStream(): Promise<void> {
    const { size, files = 5 } = this.#rotation ?? {}
    const stream = createStream(basename(this.path), {
      path: dirname(this.path),
      mode: 0o600,
      ...(size === undefined ? {} : { size: size as `${number}M`, rotate: files }),
    })
    await new Promise<void>((opened, failed) => {
      stream.once('open', () => opened())
      stream.once('error', failed)
    })
    stream.on('error', () => undefined)
    this.#stream = stream
  }

  async #write(): Promise<void> {
    if (this.#isWriting) return
    this.#isWriting = true
    this.#wasCongested ||= this.isCongested
    for (let chunk = this.#queue.peek(CHUNK_BYTES); chunk && this.#stream; chunk = this.#queue.peek(CHUNK_BYTES)) {
      const { written, error } = await writeWhole(this.#stream, this.path, chunk)
      this.#queue.take(written)
      if (error) {
        this.#fail(error)
        break
      }
      if (this.#wasCongested && !this.isCongested) {
        this.#wasCongested = false
        this.#onDrain()
      }
    }
    this.#isWriting = false
    for (const idle of this.#idle.splice(0)) idle()
  }

  #fail(error: Error): void {
    this.#isFailing = true
    this.#failure = errorCode(error) ?? error.message
    // After a short write, which the library takes for a whole one, it would keep its descriptor.
    this.#stream?.destroy()
    this.#stream = undefined
    this.#queue.keepAll()
    this.#wasCongested = false
    this.#onDrain()
    if (!this.#isClosed) this.#retry = setTimeout(() => void this.#recover(), RETRY_MS)
  }

  async #recover(): Promise<void> {
    try {
      await this.#openStream()
    } catch (error) {
      this.#fail(error as Error)
      return
    }
    this.#isFailing = false
    if (this.#lost > 0) {
      this.#queue.pushReport(Buffer.from(lossLine(this.#lost, this.#failure)))
      this.#lost = 0
    }
    await this.#write()
  }
}

function lossLine(lost: number, failure: string): string {
  const created = unixTimeS()
  const text = `${lost} log records were dropped while the log file could not be written (${failure})`
  return `${recordLine({ name: 'dareplane.logging', levelname: 'WARNING', created, msecs: (created % 1) * 1000, text })}\n`
}

/**
 * Writes `chunk` and tells how much of it the file has got. The stream does not: on a disk that fills up, the system takes
 * a part, and says so in a count that the library drops. So the file's size is asked, also just before it is put aside.
 */
async function writeWhole(
  stream: RotatingFileStream,
  path: string,
  chunk: Buffer,
): Promise<{ written: number; error?: Error }> {
  const before = sizeOf(path)
  let rotated: number | undefined
  const onRotation = (): void => {
    rotated = sizeOf(path)
  }
  stream.on('rotation', onRotation)
  const error = await new Promise<Error | null | undefined>(resolve => stream.write(chunk, resolve))
  stream.off('rotation', onRotation)
  const after = rotated ?? sizeOf(path)
  const grown = before === undefined || after === undefined || after < before ? chunk.length : after - before
  if (grown >= chunk.length) return error ? { written: chunk.length, error } : { written: chunk.length }
  return { written: grown, error: error ?? Object.assign(new Error('short write'), { code: 'ENOSPC' }) }
}

function sizeOf(path: string): number | undefined {
  // A file that someone has moved away is written all the same.
  return statSync(path, { throwIfNoEntry: false })?.size
}
