import { mkdir, statfs } from 'node:fs/promises'
import { dirname, parse } from 'node:path'
import { localClock } from '../../clock.js'
import { errorCode } from '../../errors.js'
import { fileHeaderXml } from '../../xdf/documents.js'
import { XdfBytes } from '../../xdf/xdf-bytes.js'
import { RecordedRing } from './recorded-ring.js'
import type { FromRecorder, RecorderFigures, RecorderSetup, StreamLosses, ToRecorder } from './recorder-messages.js'
import { FileGone, GaveUp, RecordingFile } from './recording-file.js'

/** How often the rings are looked at: none may fill in this time. */
const TURN_MS = 20
/** So much is written at once. */
const BLOCK_BYTES = 2 ** 22
const REOPEN_MS = 250

/** Moves samples from the rings of many streams into one file, until it is told to stop. Runs on the recorder's thread. */
export class Recorder {
  readonly #setup: RecorderSetup
  readonly #tell: (message: FromRecorder) => void
  readonly #bytes = new XdfBytes()
  readonly #rings = new Map<number, RecordedRing>()
  #file: RecordingFile
  /** The file header's part of what was not written yet. */
  #headerBytes: number
  /** Told while a write was under way; done at the next turn. */
  #told: ToRecorder[] = []
  #losses: readonly StreamLosses[] | undefined
  #deadline: NodeJS.Timeout | undefined
  #diskFree: number | undefined
  #wake = (): void => undefined

  private constructor(file: RecordingFile, setup: RecorderSetup, tell: (message: FromRecorder) => void) {
    this.#file = file
    this.#setup = setup
    this.#tell = tell
    this.#bytes.fileHeader(fileHeaderXml(new Date(), setup.recorder))
    this.#headerBytes = this.#bytes.length
  }

  /** Makes the file. Rejects with ERR_FILE_EXISTS or ERR_FILE_INVALID. */
  static async create(setup: RecorderSetup, tell: (message: FromRecorder) => void): Promise<Recorder> {
    return new Recorder(await RecordingFile.create(setup.file, listeners(tell)), setup, tell)
  }

  /** What the owner says. Never waits for the disk. */
  hear(message: ToRecorder): void {
    if (message.do === 'stop') {
      this.#losses = message.losses
      this.#deadline = setTimeout(() => this.#file.giveUp(), message.withinMs)
      this.#wake()
    } else this.#told.push(message)
  }

  /** Resolves when it was stopped and has told so. */
  async run(): Promise<void> {
    let reason: string | undefined
    try {
      let flushS = localClock()
      while (this.#losses === undefined) {
        const isDue = localClock() >= flushS
        await this.#turn(isDue)
        if (isDue) flushS = localClock() + this.#setup.flushS
        if (this.#isGoingOn()) await this.#pause(TURN_MS)
      }
      await this.#finish(this.#losses)
    } catch (error) {
      if (!(error instanceof GaveUp)) throw error
      reason = error.message
    }
    clearTimeout(this.#deadline)
    await this.#file.close()
    this.#tell({ tell: 'stopped', figures: this.#figures(), reason })
  }

  async #turn(isDue: boolean): Promise<void> {
    const told = this.#told
    this.#told = []
    for (const message of told) this.#obey(message)
    for (const ring of this.#rings.values()) if (isDue || ring.isFilling) await this.#drain(ring)
    if (isDue) await this.#flush()
  }

  #obey(message: ToRecorder): void {
    if (message.do === 'add') {
      const ring = new RecordedRing(message.stream)
      this.#rings.set(message.stream.id, ring)
      ring.begin(this.#bytes)
    } else if (message.do === 'offset') this.#rings.get(message.id)?.offset(this.#bytes, message)
  }

  async #drain(ring: RecordedRing): Promise<void> {
    const { end } = ring
    while (ring.take(this.#bytes, end)) if (this.#bytes.length >= BLOCK_BYTES) await this.#save()
  }

  /** Everything so far to the disk, and behind it a place to resume at. */
  async #flush(): Promise<void> {
    this.#bytes.boundary()
    await this.#save()
    await this.#insist(() => this.#file.sync())
    void this.#lookAtDisk()
    this.#tell({ tell: 'figures', figures: this.#figures() })
  }

  async #save(): Promise<void> {
    await this.#insist(() => this.#file.append(this.#bytes.bytes))
    this.#bytes.truncate(0)
    this.#headerBytes = 0
    for (const ring of this.#rings.values()) ring.saved()
  }

  /** Does `work` with the file, with another one if it is gone. */
  async #insist(work: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await work()
        return
      } catch (error) {
        if (!(error instanceof FileGone)) throw error
        await this.#move()
      }
    }
  }

  /** Goes on in a new file: as soon as there can be one, in place of the one that is gone. */
  async #move(): Promise<void> {
    const from = this.#file.path
    this.#tell({ tell: 'trouble', reason: 'the file or its folder is gone' })
    const unsaved = Buffer.from(this.#bytes.bytes.subarray(this.#headerBytes))
    await this.#file.close()
    this.#file = await this.#another()
    this.#bytes.truncate(0)
    this.#bytes.fileHeader(fileHeaderXml(new Date(), this.#setup.recorder))
    this.#headerBytes = this.#bytes.length
    for (const ring of this.#rings.values()) ring.moved(this.#bytes)
    this.#bytes.append(unsaved)
    // The figures are told first: who hears of the move then reads those of the new file.
    this.#tell({ tell: 'figures', figures: this.#figures() })
    this.#tell({ tell: 'moved', from, to: this.#file.path })
    this.#tell({ tell: 'well' })
  }

  async #another(): Promise<RecordingFile> {
    for (let attempt = 1; ;) {
      try {
        const { dir, name, ext } = parse(this.#setup.file)
        const path = attempt === 1 ? this.#setup.file : `${dir === '' ? '' : `${dir}/`}${name}_${attempt}${ext}`
        // A folder that was moved away is made again: what arrives meanwhile has no other place.
        await mkdir(dirname(path), { recursive: true })
        return await RecordingFile.create(path, listeners(this.#tell))
      } catch (error) {
        if (errorCode(error) === 'ERR_FILE_EXISTS') attempt++
        else if (this.#isGoingOn()) await this.#pause(REOPEN_MS)
        else throw new GaveUp('the file or its folder is gone')
      }
    }
  }

  async #finish(losses: readonly StreamLosses[]): Promise<void> {
    await this.#turn(true)
    for (const [id, ring] of this.#rings)
      ring.finish(
        this.#bytes,
        losses.find(each => each.id === id),
      )
    await this.#flush()
  }

  #figures(): RecorderFigures {
    const streams = Array.from(this.#rings.values(), ({ figures }) => figures)
    return { file: this.#file.path, bytes: this.#file.bytes, diskFree: this.#diskFree, streams }
  }

  async #lookAtDisk(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(dirname(this.#file.path))
      this.#diskFree = bavail * bsize
    } catch {
      // Some file systems do not tell it.
      this.#diskFree = undefined
    }
  }

  #isGoingOn(): boolean {
    return this.#losses === undefined
  }

  #pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function listeners(tell: (message: FromRecorder) => void): ConstructorParameters<typeof RecordingFile>[2] {
  return { trouble: reason => tell({ tell: 'trouble', reason }), well: () => tell({ tell: 'well' }) }
}
