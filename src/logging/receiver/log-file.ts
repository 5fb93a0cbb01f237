import { resolve } from 'node:path'
import { DareplaneError, errorCode } from '../../errors.js'
import { recordLine } from '../wire/record-line.js'
import type { Delivery } from '../wire/delivery.js'
import { unixTimeS } from '../wall-clock.js'
import { AppendFile } from './append-file.js'
import { DeliveryJournal } from './delivery-journal.js'
import { endsInLine } from './ends-in-line.js'
import { LineQueue } from './line-queue.js'
import { rescueLines } from './rescue-lines.js'
import { putAside, sizeInBytes } from './rotation.js'
import type { Rotation } from './rotation.js'

const KEPT_BYTES = 8 * 1024 * 1024
const CONGESTED_BYTES = 4 * 1024 * 1024
/** Written at once. */
const CHUNK_BYTES = 64 * 1024
const RETRY_MS = 1000
/** A rotation that failed is tried again after this time, or when the file has grown by a tenth of its limit. */
const ROTATION_RETRY_MS = 60_000

/** One record as it stands in the file, with its line end, and its number if it has one. */
export interface LogLine {
  readonly text: string
  readonly delivery?: Delivery | undefined
}

/** What a {@link LogFile} needs of its receiver. */
export interface LogFileOptions {
  readonly rotation?: Rotation | undefined
  /** Called when {@link LogFile.isCongested} has ended. */
  readonly onDrain: () => void
  /** Takes a sentence for people: the file cannot tell it. */
  readonly tell: (text: string) => void
}

/**
 * The log file: appended, made for its owner only, put aside by size. When its path names another file, or none, it is
 * opened anew. While it cannot be written (a full disk, a folder in its place) the newest 8 MiB wait in memory, and a line
 * tells how many records were lost once it can be. One process, one thread.
 */
export class LogFile {
  readonly path: string
  readonly #journal: DeliveryJournal
  readonly #limit: number
  readonly #files: number
  readonly #queue = new LineQueue(KEPT_BYTES)
  readonly #onDrain: () => void
  readonly #tell: (text: string) => void
  #file: AppendFile | undefined
  #isWriting = false
  /** Someone may have been told to wait. */
  #wasCongested = false
  #isFailing = false
  #isClosed = false
  #closing: Promise<void> | undefined
  #lost = 0
  #failure = ''
  #retry: NodeJS.Timeout | undefined
  #nextRotation = { atMs: 0, atSize: 0 }
  #idle: (() => void)[] = []

  constructor(path: string, { rotation, onDrain, tell }: LogFileOptions) {
    this.path = resolve(path)
    this.#journal = new DeliveryJournal(this.path)
    this.#limit = rotation ? (sizeInBytes(rotation.size) ?? Infinity) : Infinity
    this.#files = rotation?.files ?? 5
    this.#onDrain = onDrain
    this.#tell = tell
  }

  /** True while the disk is slower than the clients, who are to wait then. Not while it fails: then the oldest goes. */
  get isCongested(): boolean {
    return !this.#isFailing && this.#queue.bytes > CONGESTED_BYTES
  }

  /**
   * Opens the file, and writes what was appended before. A line that a killed process has left without its end gets one: what
   * comes now must not stand behind it. Rejects with ERR_FILE_INVALID when it is a symbolic link or cannot be opened. */
  async open(): Promise<void> {
    const file = await AppendFile.open(this.path)
    if (await endsInLine(file)) this.#queue.pushReport(Buffer.from('\n'), 0)
    this.#file = file
    void this.#write()
  }

  /** The last record of each sender that is in the file as an earlier process has left it. */
  recall(): Iterable<Delivery> {
    return this.#journal.recall(this.path)
  }

  /** Takes the lines of records; `onKept` is called when they are in the file, or in memory because it fails. */
  append(lines: readonly LogLine[], onKept: () => void): void {
    const bytes = Buffer.from(lines.map(({ text }) => text).join(''))
    const sizes = lines.map(({ text, delivery }) => ({ bytes: Buffer.byteLength(text), delivery }))
    this.#lost += this.#queue.push({ bytes, lines: sizes, records: lines.length, onKept })
    if (this.#isFailing) this.#queue.keepAll()
    else void this.#write()
    this.#wasCongested ||= this.isCongested
  }

  /**
   * Writes what is there and closes; what the file does not take goes into another beside it, or among the temporary files.
   * Idempotent. Rejects with ERR_FILE_INVALID when records are lost with the process.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    this.#isClosed = true
    if (this.#isFailing) {
      clearTimeout(this.#retry)
      await this.#recover()
    }
    if (this.#isWriting) await new Promise<void>(idle => this.#idle.push(idle))
    const file = this.#file
    this.#file = undefined
    await file?.close()
    await this.#journal.close()
    if (this.#queue.bytes > 0) await this.#rescue()
  }

  async #write(): Promise<void> {
    if (this.#isWriting) return
    this.#isWriting = true
    this.#wasCongested ||= this.isCongested
    try {
      for (let chunk = this.#queue.peek(CHUNK_BYTES); chunk && this.#file; chunk = this.#queue.peek(CHUNK_BYTES)) {
        const file = await this.#fileFor(this.#file, chunk.bytes.length)
        await this.#journal.announce(file, chunk.lines)
        this.#queue.take(await file.write(chunk.bytes))
        if (this.#wasCongested && !this.isCongested) {
          this.#wasCongested = false
          this.#onDrain()
        }
      }
    } catch (error) {
      await this.#fail(error)
    }
    this.#isWriting = false
    for (const idle of this.#idle.splice(0)) idle()
  }

  /** The file that takes the next `bytes`: the same, or one that was opened anew. */
  async #fileFor(file: AppendFile, bytes: number): Promise<AppendFile> {
    if (file.size > 0 && file.size + bytes > this.#limit) this.#rotate(file.size)
    if (file.isInPlace) return file
    this.#file = undefined
    await file.close()
    return (this.#file = await AppendFile.open(this.path))
  }

  /** A file that is too large is better than one that is lost: while FILE cannot be put aside it grows, which is said once. */
  #rotate(size: number): void {
    if (performance.now() < this.#nextRotation.atMs && size < this.#nextRotation.atSize) return
    try {
      putAside(this.path, this.#files)
      this.#nextRotation = { atMs: 0, atSize: 0 }
    } catch (error) {
      const isTold = this.#nextRotation.atMs > 0
      this.#nextRotation = { atMs: performance.now() + ROTATION_RETRY_MS, atSize: size + this.#limit / 10 }
      if (isTold) return
      const text = `the log file ${this.path} cannot be put aside (${(error as Error).message}) and grows on`
      this.#tell(text)
      this.#queue.pushReport(warningLine(text), 1)
    }
  }

  async #fail(error: unknown): Promise<void> {
    const failure = errorCode(error) ?? String(error)
    if (!this.#isFailing) this.#tell(`the log file ${this.path} cannot be written (${failure}), records wait in memory`)
    this.#isFailing = true
    this.#failure = failure
    this.#queue.take(0)
    this.#queue.keepAll()
    this.#wasCongested = false
    this.#onDrain()
    const file = this.#file
    this.#file = undefined
    // Closing can fail for the same reason as writing.
    await file?.close().catch(() => undefined)
    if (!this.#isClosed) this.#retry = setTimeout(() => void this.#recover(), RETRY_MS)
  }

  async #recover(): Promise<void> {
    try {
      this.#file = await AppendFile.open(this.path)
    } catch (error) {
      await this.#fail(error)
      return
    }
    this.#isFailing = false
    this.#reportLost()
    await this.#write()
  }

  #reportLost(): void {
    if (this.#lost === 0) return
    const text = `${this.#lost} log records were dropped while the log file could not be written (${this.#failure})`
    this.#queue.pushReport(warningLine(text), this.#lost)
    this.#lost = 0
  }

  /** Keeps what the file has not taken: the senders were told that it is kept. */
  async #rescue(): Promise<void> {
    this.#reportLost()
    const path = await rescueLines(this.path, this.#queue.peek(Infinity)?.bytes ?? Buffer.alloc(0))
    if (path === undefined) {
      const text = `the last records could not be written to the log file ${this.path} (${this.#failure}) and are lost`
      throw new DareplaneError('ERR_FILE_INVALID', text)
    }
    this.#tell(`records that the log file ${this.path} could not take (${this.#failure}) are in ${path}`)
  }
}

function warningLine(text: string): Buffer {
  const created = unixTimeS()
  return Buffer.from(
    `${recordLine({ name: 'dareplane.logging', levelname: 'WARNING', created, msecs: (created % 1) * 1000, text })}\n`,
  )
}
