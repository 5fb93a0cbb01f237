import type { Socket } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { AbsenceNotice } from './absence-notice.js'
import { BackOff } from './back-off.js'
import { DropReport } from './drop-report.js'
import { LevelQueue } from './level-queue.js'
import type { QueueBound } from './level-queue.js'
import { openConnection } from './link-connection.js'
import { SendPauses } from './send-pauses.js'
import { frameOf } from '../pending-record.js'
import type { PendingRecord } from '../pending-record.js'
import { SentRecords } from './sent-records.js'

const BOUND: QueueBound = { records: 10_000, bytes: 8 * 1024 * 1024 }
/**
 * How long records are kept for a server that confirms none: it may be ours, and stopped. Flushing does not wait that long.
 */
const PATIENCE_MS = { keeping: 10_000, flushing: 300 }
/** Frames encoded in one go, so that the rings are emptied in between. */
const SLICE = 256

/** The way to one log server: a bounded queue, and a connection whenever there is something to send. Transport thread only. */
export class ServerLink {
  readonly #address: { readonly host: string; readonly port: number }
  readonly #sender: string
  readonly #onProgress: () => void
  readonly #sent = new SentRecords()
  readonly #queue = new LevelQueue<PendingRecord>(BOUND, () => this.#sent.size)
  readonly #drops = new DropReport()
  readonly #absence: AbsenceNotice
  readonly #pace = new SendPauses()
  readonly #backOff = new BackOff()
  #socket: Socket | undefined
  #isUp = false
  #isBlocked = false
  #isSending = false
  #isEnding = false
  #saidGoodbye = false
  /** The server there is one of ours: it needs no goodbye to confirm, and the last lines of a process need no connection each. */
  #hasConfirmed = false
  #number = 0
  #patience: NodeJS.Timeout | undefined
  #settlers: (() => void)[] = []

  /** `sender` tells this process from all others; `onProgress` is called whenever records were delivered or the link went down. */
  constructor(address: { readonly host: string; readonly port: number }, sender: string, onProgress: () => void) {
    this.#address = address
    this.#absence = new AbsenceNotice(address)
    this.#sender = sender
    this.#onProgress = onProgress
  }

  /** How many records are not known to be delivered. */
  get undelivered(): number {
    return this.#queue.length + this.#sent.size.records
  }

  /** Those records, oldest first. */
  undeliveredRecords(): PendingRecord[] {
    return [...this.#sent.peekAll(), ...this.#queue.peekAll()]
  }

  /** Takes a record to send. Never waits; what the bound pushes out is counted. */
  push(record: PendingRecord): void {
    this.#absence.note(record)
    for (const lost of this.#queue.push(record)) this.#drops.count(lost.level)
    if (this.#isUp) this.#send()
    else if (!this.#backOff.isWaiting) this.#connect()
  }

  /** Counts lines that were lost before they came here. */
  addDropped(counts: readonly number[]): void {
    this.#drops.add(counts)
    if (this.#isUp) this.#send()
  }

  /** Resolves when everything is delivered, as far as one can know, or when the server is found to be away. */
  async flush(): Promise<void> {
    const settled = this.#settle().then(() => true)
    while (!(await Promise.race([settled, after(PATIENCE_MS.flushing, false)]))) {
      if (this.#sent.peer !== 'confirms' && this.#queue.length === 0 && this.#sent.isWritten) return
    }
  }

  /** Resolves when everything is known to be delivered, or when the server is found to be away. */
  async #settle(): Promise<void> {
    if (this.undelivered === 0) return
    const settled = new Promise<void>(resolve => this.#settlers.push(resolve))
    if (!this.#isUp) this.#connect()
    await settled
  }

  /** Delivers everything and says goodbye, `isSaved`: errors that stay are kept elsewhere; resolves when the server has said so too, or is found to be away. */
  async end({ isSaved }: { readonly isSaved: boolean }): Promise<void> {
    this.#isEnding = true
    if (isSaved) this.#absence.silence()
    const settled = this.#settle()
    this.#send()
    await settled
  }

  #connect(): void {
    this.#backOff.cancel()
    if (this.#socket) return
    this.#sent.peer = 'unknown'
    this.#socket = openConnection(this.#address, {
      onUp: () => {
        this.#isUp = true
        this.#absence.end()
        this.#send()
      },
      onDrain: () => {
        this.#isBlocked = false
        this.#send()
      },
      onConfirmed: number => {
        // Whatever else may listen there, only our receiver names a number that we have sent.
        if (number <= this.#number) this.#confirm(number)
      },
      onClosed: error => {
        if (this.#saidGoodbye && error === undefined && this.#sent.peer !== 'confirms') this.#sent.takeAll()
        if (!this.#isUp && !this.#saidGoodbye) this.#absence.begin(error ?? 'closed', this.undeliveredRecords())
        this.#goDown()
      },
    })
  }

  #send(): void {
    if (this.#isSending) return
    for (let frames = 0; this.#mayWrite; frames++) {
      if (frames === SLICE) {
        this.#isSending = true
        setImmediate(() => {
          this.#isSending = false
          this.#send()
        })
        return
      }
      const record = this.#next()
      if (!record) {
        if (this.#isEnding && !this.#hasConfirmed) this.#sayGoodbye()
        return
      }
      this.#write(record)
    }
  }

  get #mayWrite(): boolean {
    return this.#isUp && !this.#isBlocked && !this.#sent.isFull && !this.#pace.isPausing
  }

  /** Python's receiver closes when it has read all: the one confirmation that it gives. Ours confirms, and closes. */
  #sayGoodbye(): void {
    this.#isUp = false
    this.#saidGoodbye = true
    this.#socket?.end()
  }

  /** The report of drops goes first, but never before records that are sent again: numbers only grow on the wire. */
  #next(): PendingRecord | undefined {
    const head = this.#queue.peek()
    const report = head?.number === undefined ? this.#drops.take(() => this.#send()) : undefined
    return report ?? this.#queue.shift()
  }

  #write(record: PendingRecord): void {
    record.number ??= ++this.#number
    const written = this.#sent.add(record)
    if (this.#sent.peer === 'unknown') {
      this.#patience ??= setTimeout(() => this.#loseHope(), PATIENCE_MS.keeping)
    }
    const frame = frameOf(record, this.#sender)
    if (this.#sent.peer !== 'confirms') this.#pace.spend(frame.length, () => this.#send())
    const accepted = this.#socket?.write(frame, error => {
      if (error) return
      written()
      this.#progressed()
    })
    this.#isBlocked = accepted === false
  }

  #confirm(number: number): void {
    this.#hasConfirmed = true
    this.#backOff.reset()
    this.#sent.confirm(number)
    this.#pace.reset()
    clearTimeout(this.#patience)
    this.#progressed()
    this.#send()
  }

  #loseHope(): void {
    this.#hasConfirmed = false
    this.#backOff.reset()
    this.#sent.expectNothing()
    this.#progressed()
    this.#send()
  }

  #progressed(): void {
    if (this.undelivered === 0) this.#resolveSettlers()
    this.#onProgress()
  }

  #goDown(): void {
    const wasUp = this.#isUp
    clearTimeout(this.#patience)
    this.#pace.reset()
    this.#patience = undefined
    this.#socket = undefined
    this.#isUp = false
    this.#isBlocked = false
    this.#isEnding = false
    this.#saidGoodbye = false
    if (wasUp && this.#sent.peer === 'silent') this.#drops.markBroken()
    this.#queue.unshift(this.#sent.takeAll())
    if (!wasUp || this.undelivered === 0) this.#resolveSettlers()
    if (this.undelivered > 0) this.#backOff.schedule(() => this.#connect())
    this.#onProgress()
  }

  #resolveSettlers(): void {
    for (const resolve of this.#settlers.splice(0)) resolve()
  }
}
