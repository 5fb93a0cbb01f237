import type { MessagePort, Worker } from 'node:worker_threads'
import { errorCode } from '../../errors.js'
import { startThread } from '../../system/start.js'
import type { WatcherSetup } from './watcher-api.js'
import type { ThreadUse } from './watcher-options.js'

/** What a pull thread is told. */
export type PullThreadOrder = { readonly setup: WatcherSetup; readonly port: MessagePort } | 'end'

/**
 * A thread that receives streams, from the outside: one watcher's alone, or that of several, which share its event loop. It ends
 * when the last of them has left.
 */
export class PullThread {
  /** With the reason, when the thread has ended; undefined if it was by itself and without an error. */
  readonly exited: Promise<string | undefined>
  readonly use: ThreadUse
  readonly #worker: Worker
  #watchers = 0
  #isOpen = true
  #failure: Error | undefined

  constructor(use: ThreadUse) {
    this.use = use
    this.#worker = startThread(new URL('./watcher.worker.js', import.meta.url))
    this.#worker.on('error', error => {
      this.#failure = error instanceof Error ? error : new Error(String(error))
    })
    this.exited = new Promise(resolve => {
      this.#worker.on('exit', code => {
        this.#isOpen = false
        resolve(this.#reason(code))
      })
    })
  }

  /** Watchers that it receives for. */
  get watchers(): number {
    return this.#watchers
  }

  /** Whether one more may come. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Receives for one more watcher, which it hears by `port`. */
  enter(setup: WatcherSetup, port: MessagePort): void {
    this.#watchers++
    this.#tell({ setup, port }, port)
  }

  /** One of them leaves. The thread ends with the last, which this answers: it is done when that has released everything. */
  leave(): boolean {
    this.#watchers--
    if (this.#watchers > 0) return false
    this.#isOpen = false
    this.#tell('end')
    return true
  }

  /** It does not do what it is told: nobody else may come. */
  shut(): void {
    this.#isOpen = false
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate()
  }

  #tell(order: PullThreadOrder, ...transfer: MessagePort[]): void {
    this.#worker.postMessage(order, transfer)
  }

  #reason(code: number): string | undefined {
    const failure = this.#failure
    if (failure === undefined) return code === 0 ? undefined : `exit code ${code}`
    return [errorCode(failure), failure.message].filter(Boolean).join(': ')
  }
}
