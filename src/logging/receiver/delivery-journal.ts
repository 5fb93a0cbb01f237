import { constants, lstatSync, readFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Delivery } from '../wire/delivery.js'
import { AppendFile } from './append-file.js'
import { DeliveredNumbers } from './delivered-numbers.js'

/** The journal is written anew when it has grown by so much. */
const MOST_BYTES = 256 * 1024

/** A record's line in the log file, and its number if it has one. */
export interface JournalLine {
  readonly bytes: number
  readonly delivery: Delivery | undefined
}

/** Lines of one sender (or of none, '') in a row, whose numbers follow each other: the first number, and the bytes of each line. */
type Run = readonly [sender: string, first: number, ...bytes: number[]]
/** What is to be written next: into which file (''  for what is in one already), from which byte on. */
type Entry = readonly [file: string, at: number, ...runs: Run[]]

/**
 * A file beside the log file, which says whose records are about to be written where. After a kill the length of the log file tells how
 * many of them were: one that is sent again is then not written twice. Where it cannot be written, the log file is none the worse, and what a killed server did not confirm comes twice.
 */
export class DeliveryJournal {
  readonly #path: string
  /** What is in the log file. */
  readonly #written = new DeliveredNumbers()
  #file: AppendFile | undefined
  #longest = 0
  #last: Entry | undefined

  constructor(logPath: string) {
    this.#path = `${logPath}.delivered`
  }

  /** The last record of each sender that an earlier process has written into the log file. Never throws. */
  recall(logPath: string): Iterable<Delivery> {
    try {
      for (const line of readFileSync(this.#path, 'utf8').split('\n')) {
        const entry = parseEntry(line)
        // An entry that was cut short is skipped: none of its lines was written yet.
        if (entry !== undefined) this.#follow(entry)
      }
      const { ino, size } = lstatSync(logPath, { bigint: true })
      this.#settle(String(ino), Number(size))
    } catch {
      // There is none, or no log file.
    }
    return this.#written
  }

  /** To be called before `lines` are appended to `log`. Never rejects. */
  async announce(log: AppendFile, lines: readonly JournalLine[]): Promise<void> {
    const entry: Entry = [log.id, log.size, ...runsOf(lines)]
    this.#follow(entry)
    try {
      if (this.#file === undefined || this.#file.size > this.#longest) await this.#renew()
      const bytes = Buffer.from(`${JSON.stringify(entry)}\n`)
      if ((await this.#file?.write(bytes)) !== bytes.length) await this.#giveUp()
    } catch {
      await this.#giveUp()
    }
  }

  /** The file stays: a sender may not have got the last confirmation of a server that was closed. */
  async close(): Promise<void> {
    await this.#giveUp()
  }

  /** The next entry tells how much of the one before was written: all, unless its file goes on elsewhere. */
  #follow(entry: Entry): void {
    const [file, at] = entry
    const isSameFile = this.#last?.[0] === file
    this.#settle(this.#last?.[0] ?? '', isSameFile ? at : Infinity)
    this.#last = entry
  }

  /** The file of the last entry has `size` bytes. */
  #settle(file: string, size: number): void {
    if (this.#last === undefined) return
    const [announced, at, ...runs] = this.#last
    if (announced !== file && announced !== '') return
    let end = at
    for (const [sender, first, ...bytes] of runs) {
      for (const [i, length] of bytes.entries()) {
        end += length
        if (end <= size && sender !== '') this.#written.isNew([sender, first + i])
      }
    }
    this.#last = undefined
  }

  /** Another file takes the place of the journal, whole or not at all. */
  async #renew(): Promise<void> {
    await this.#giveUp()
    const path = `${this.#path}.new`
    await rm(path, { force: true })
    const file = await AppendFile.open(path, constants.O_EXCL)
    try {
      const known: Entry = ['', 0, ...Array.from(this.#written, ([sender, number]): Run => [sender, number, 0])]
      await file.write(Buffer.from(`${JSON.stringify(known)}\n`))
      await rename(path, this.#path)
      this.#file = file
      this.#longest = file.size + MOST_BYTES
    } catch (error) {
      await file.close()
      throw error
    }
  }

  async #giveUp(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close().catch(() => undefined)
  }
}

function runsOf(lines: readonly JournalLine[]): Run[] {
  const runs: [string, number, ...number[]][] = []
  for (const { bytes, delivery = ['', 0] as const } of lines) {
    const [sender, number] = delivery
    const run = runs.at(-1)
    if (run?.[0] === sender && (sender === '' || run[1] + run.length - 2 === number)) run.push(bytes)
    else runs.push([sender, number, bytes])
  }
  return runs
}

function parseEntry(line: string): Entry | undefined {
  try {
    const [file, at, ...runs] = JSON.parse(line) as unknown[]
    const isRun = (run: unknown): boolean =>
      Array.isArray(run) && typeof run[0] === 'string' && run.slice(1).every(value => Number.isSafeInteger(value))
    return typeof file === 'string' && Number.isSafeInteger(at) && runs.every(isRun)
      ? ([file, at, ...runs] as Entry)
      : undefined
  } catch {
    return undefined
  }
}
