import type { Worker } from 'node:worker_threads'
import { DareplaneError } from '../../errors.js'
import type { DareplaneErrorCode } from '../../errors.js'
import { startThread } from '../../system/start.js'
import { within } from '../../system/within.js'
import type { FromRecorder, RecorderSetup, ToRecorder } from './recorder-messages.js'

type Stopped = Extract<FromRecorder, { tell: 'stopped' }>

/** Beyond the time that it was given to stop, the thread may take so long to say that it could not. */
const ANSWER_MS = 1000
/** And so long to end, once it has said it. */
const END_MS = 1000

/** The thread of one recording, from the outside. */
export class RecorderThread {
  readonly #worker: Worker
  readonly #exited: Promise<void>
  readonly #stopped: Promise<Stopped | undefined>
  #failure: string | undefined

  /** `told` hears all that the thread tells, `failed` that it ended without being told to. */
  constructor(setup: RecorderSetup, told: (message: FromRecorder) => void, failed: (reason: string) => void) {
    this.#worker = startThread(new URL('./recorder.worker.js', import.meta.url), { workerData: setup })
    this.#exited = new Promise(resolve => this.#worker.once('exit', () => resolve()))
    this.#worker.once('error', error => {
      this.#failure = error instanceof Error ? error.message : String(error)
      failed(this.#failure)
    })
    this.#worker.on('message', told)
    this.#stopped = new Promise(resolve => {
      this.#worker.on('message', (message: FromRecorder) => {
        if (message.tell === 'stopped') resolve(message)
      })
      this.#worker.once('exit', () => resolve(undefined))
    })
  }

  /** Resolves when the file is there. Rejects with ERR_FILE_EXISTS, ERR_FILE_INVALID or ERR_WORKER_FAILED. */
  async opened(): Promise<void> {
    const answer = await new Promise<FromRecorder | undefined>(resolve => {
      this.#worker.once('message', resolve)
      this.#worker.once('exit', () => resolve(undefined))
    })
    if (answer?.tell === 'opened') return
    if (answer?.tell === 'refused') throw new DareplaneError(answer.code as DareplaneErrorCode, answer.message)
    throw new DareplaneError('ERR_WORKER_FAILED', `the recorder's thread ended: ${this.#failure ?? 'without a word'}`)
  }

  send(message: ToRecorder): void {
    this.#worker.postMessage(message)
  }

  /**
   * Stops the thread. Answers its last words within about `message.withinMs`, undefined when it had none: it has died, or it
   * hangs in the disk, and then it stays behind.
   */
  async stop(message: Extract<ToRecorder, { do: 'stop' }>): Promise<Stopped | undefined> {
    this.send(message)
    const last = await within(message.withinMs + ANSWER_MS, this.#stopped)
    await within(END_MS, this.#exited)
    this.#worker.unref()
    return last
  }
}
