import { Worker } from 'node:worker_threads'
import { releaseProxy, wrap } from 'comlink'
import { DareplaneError, errorCode } from '../errors.js'
import { MarkerWriter } from '../ring/marker-writer.js'
import { RingWriter } from '../ring/ring-writer.js'
import { StopEvent } from '../stop-event.js'
import { comlinkPort } from './comlink-port.js'
import type { Connected, EventMessage, StreamIdentifier, WatcherApi, WatcherSetup } from './watcher-api.js'
import { WatcherBoard } from './watcher-board.js'

/** Stopping: 50 ms until the pull is over, 500 ms in liblsl, and room for a busy machine. */
const STOP_LIMIT_MS = 5000

export type WatcherThreadOptions = Omit<WatcherSetup, 'stop' | 'board'>

export interface WatcherThreadListeners {
  event(message: EventMessage): void
  /** The thread ended without being told to. */
  failed(reason: string): void
  /** The thread did not end in time and was terminated. */
  forced(afterMs: number): void
}

/** The thread of one watcher, from the outside. Started once, stopped once; a new connection is a new thread. */
export class WatcherThread {
  readonly board = new WatcherBoard()
  readonly #stop = new StopEvent()
  readonly #worker: Worker
  readonly #exited: Promise<void>
  readonly #listeners: WatcherThreadListeners
  #failure: Error | undefined
  #connected: Connected | undefined
  #stopping: Promise<void> | undefined

  constructor(options: WatcherThreadOptions, listeners: WatcherThreadListeners) {
    const setup: WatcherSetup = { ...options, stop: this.#stop.buffer, board: this.board.buffer }
    this.#listeners = listeners
    this.#worker = new Worker(new URL('./watcher.worker.js', import.meta.url), { workerData: setup })
    this.#worker.on('message', (message: unknown) => {
      if (isEvent(message)) listeners.event(message)
    })
    this.#worker.on('error', error => {
      this.#failure = error instanceof Error ? error : new Error(String(error))
    })
    this.#exited = new Promise(resolve => {
      this.#worker.on('exit', code => {
        this.#ended(code)
        resolve()
      })
    })
  }

  /** Connects, in the thread. Rejects with what went wrong there; the thread is then still to be stopped. */
  async connect(identifier: StreamIdentifier): Promise<Connected> {
    const api = wrap<WatcherApi>(comlinkPort(this.#worker))
    const died = this.#exited.then(() => {
      if (this.#stop.isSet) throw new DareplaneError('ERR_CLOSED', 'disconnected while connecting')
      throw new DareplaneError('ERR_WORKER_FAILED', `the watcher's thread ended: ${this.#reason()}`)
    })
    try {
      this.#connected = await Promise.race([api.connect(identifier), died])
      return this.#connected
    } finally {
      died.catch(() => undefined)
      api[releaseProxy]()
    }
  }

  /** Ends the thread; resolves when it has released everything. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopThread()
    return this.#stopping
  }

  async #stopThread(): Promise<void> {
    this.#stop.set()
    let limit: NodeJS.Timeout | undefined
    const late = new Promise<'late'>(resolve => {
      limit = setTimeout(resolve, STOP_LIMIT_MS, 'late')
    })
    if ((await Promise.race([this.#exited, late])) === 'late') {
      this.#listeners.forced(STOP_LIMIT_MS)
      await this.#worker.terminate()
    }
    clearTimeout(limit)
  }

  #ended(code: number): void {
    const told = this.#stop.isSet
    // A thread that died has not closed its ring, and readers would wait for ever.
    if (this.#connected !== undefined) closeRing(this.#connected)
    this.board.state = told && this.#failure === undefined ? 'disconnected' : 'failed'
    if (this.board.state === 'failed') this.#listeners.failed(this.#reason(code))
  }

  #reason(code?: number): string {
    if (this.#failure === undefined) return `exit code ${code ?? 0}`
    return [errorCode(this.#failure), this.#failure.message].filter(Boolean).join(': ')
  }
}

function isEvent(message: unknown): message is EventMessage {
  return typeof message === 'object' && message !== null && 'event' in message
}

function closeRing({ ring, info }: Connected): void {
  const writer = info.channelFormat === 'string' ? new MarkerWriter(ring) : new RingWriter(ring)
  writer.close()
}
