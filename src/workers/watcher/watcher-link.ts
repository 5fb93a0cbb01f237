import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { releaseProxy, wrap } from 'comlink'
import { DareplaneError } from '../../errors.js'
import { MarkerWriter } from '../../ring/marker-writer.js'
import { RingWriter } from '../../ring/ring-writer.js'
import { threadBell } from '../../ring/wake-bell.js'
import { StopEvent } from '../../stop-event.js'
import { within } from '../../system/within.js'
import { comlinkPort } from '../comlink-port.js'
import type { PullThread } from './pull-thread.js'
import type { StreamIdentifier } from './stream-identifier.js'
import type { Connected, EventMessage, LeftMessage, WatcherApi, WatcherSetup } from './watcher-api.js'
import { WatcherBoard } from './watcher-board.js'

/** Stopping: 50 ms until the pull is over, 500 ms in liblsl, and room for a busy machine. */
const STOP_LIMIT_MS = 5000
/** For opening a stream that was found in the last moment, and measuring its clock. */
const ANSWER_MARGIN_S = 20

export type WatcherLinkOptions = Omit<WatcherSetup, 'stop' | 'board' | 'bell' | 'thread'>

export interface WatcherLinkListeners {
  event(message: EventMessage): void
  /** It ended without being told to. */
  failed(reason: string): void
  /** It did not end in time. */
  forced(afterMs: number): void
}

/** A watcher's part of its pull thread, from the outside. Started once, stopped once; a new connection is a new one. */
export class WatcherLink {
  readonly board = new WatcherBoard()
  readonly #stop = new StopEvent()
  readonly #thread: PullThread
  readonly #port: MessagePort
  readonly #listeners: WatcherLinkListeners
  /** Resolves with the reason, if it was not told to end. */
  readonly #ended: Promise<string | undefined>
  #finish: (fault: string | undefined) => void = () => undefined
  /** Rejects when a message of the thread cannot be read. */
  readonly #garbled: Promise<never>
  #isOver = false
  #connected: Connected | undefined
  #stopping: Promise<void> | undefined

  constructor(thread: PullThread, options: WatcherLinkOptions, listeners: WatcherLinkListeners) {
    const { port1, port2 } = new MessageChannel()
    this.#thread = thread
    this.#port = port1
    this.#listeners = listeners
    this.#ended = new Promise(resolve => (this.#finish = resolve))
    port1.on('message', (message: unknown) => this.#hear(message))
    this.#garbled = new Promise((_resolve, reject) => {
      port1.on('messageerror', cause => {
        reject(new DareplaneError('ERR_WORKER_FAILED', 'what the watcher has found cannot be sent here', { cause }))
      })
    })
    this.#garbled.catch(() => undefined)
    const shared = { stop: this.#stop.buffer, board: this.board.buffer, bell: threadBell().buffer }
    thread.enter({ ...options, thread: thread.use, ...shared }, port2)
    void thread.exited.then(reason => this.#threadEnded(reason))
  }

  /** Connects, in the thread. Rejects with what went wrong there; the link is then still to be stopped. */
  async connect(identifier: StreamIdentifier, timeoutS: number): Promise<Connected> {
    const api = wrap<WatcherApi>(comlinkPort(this.#port))
    const died = this.#ended.then(fault => {
      throw new DareplaneError('ERR_WORKER_FAILED', `the watcher's thread ended: ${fault ?? 'exit code 0'}`)
    })
    died.catch(() => undefined)
    try {
      // The thread keeps its own limit; this one is for an answer that is lost on its way.
      const answer = await within(
        (timeoutS + ANSWER_MARGIN_S) * 1000,
        Promise.race([api.connect(identifier, timeoutS), died, this.#garbled]),
      )
      if (answer === undefined)
        throw new DareplaneError('ERR_TIMEOUT', `the watcher's thread did not answer within ${timeoutS} s`)
      return (this.#connected = answer)
    } catch (error) {
      if (this.#stopping !== undefined)
        throw new DareplaneError('ERR_CLOSED', 'disconnected while connecting', { cause: error })
      throw error
    } finally {
      api[releaseProxy]()
    }
  }

  /** Ends it; resolves when everything is released, with the last watcher of a thread that as well. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#leave()
    return this.#stopping
  }

  async #leave(): Promise<void> {
    this.#stop.set()
    const isLast = this.#thread.leave()
    const gone = (isLast ? this.#thread.exited : this.#ended).then(() => true)
    if (await within(STOP_LIMIT_MS, gone)) return
    this.#listeners.forced(STOP_LIMIT_MS)
    // The others of this thread are left alone: the last of them ends it.
    this.#thread.shut()
    if (isLast) await this.#thread.terminate()
    this.#end(undefined)
  }

  #hear(message: unknown): void {
    if (isEvent(message)) this.#listeners.event(message)
    else if (isLeft(message)) this.#end(message.fault)
  }

  #threadEnded(reason: string | undefined): void {
    // What it said last is here or on its way.
    for (let last = receiveMessageOnPort(this.#port); last !== undefined; last = receiveMessageOnPort(this.#port))
      this.#hear(last.message)
    this.#end(this.#stopping !== undefined ? undefined : (reason ?? 'exit code 0'))
  }

  #end(fault: string | undefined): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#port.close()
    // A thread that died has not closed its ring, and readers would wait for ever.
    if (this.#connected !== undefined) closeRing(this.#connected)
    threadBell().ring()
    this.board.state = fault === undefined ? 'disconnected' : 'failed'
    this.#finish(fault)
    if (fault === undefined) return
    void this.stop()
    this.#listeners.failed(fault)
  }
}

function isEvent(message: unknown): message is EventMessage {
  return typeof message === 'object' && message !== null && 'event' in message
}

function isLeft(message: unknown): message is LeftMessage {
  return typeof message === 'object' && message !== null && 'left' in message
}

function closeRing({ ring, info }: Connected): void {
  const writer = info.channelFormat === 'string' ? new MarkerWriter(ring) : new RingWriter(ring)
  writer.close()
}
