import { BroadcastChannel, isMainThread, receiveMessageOnPort, setEnvironmentData } from 'node:worker_threads'
import type { Worker } from 'node:worker_threads'
import { startThread } from '../../system/start.js'
import { crashFilePath } from './crash-file.js'
import { PrintedRings } from './printed-rings.js'
import { tell } from './tell.js'
import { LogRingReader } from './thread-ring/log-ring-reader.js'
import { CONTROL_WORDS, DONE, RUNNING, UNDELIVERED } from './transport-messages.js'
import type { RingRegistration, TransportMessage } from './transport-messages.js'
import type { TransportData } from './transport.worker.js'

/** Environment data of a process whose transport has an owner; every thread started since inherits it. */
export const OWNER_KEY = 'dareplane-utils.logging'
/** Where the other threads hand in their rings. */
export const REGISTRY = 'dareplane-utils.logging.rings'

const MOST_STARTS = 3
/** How long the end of the process may take: on a busy machine the thread alone may need seconds to come up. */
const END_MS = 10_000
const CRASH_MS = 250

/**
 * Owns the one transport thread of the process, in the main thread: starts it with the first ring, never waits for it, and
 * lets it deliver when the process ends. Where the thread cannot run, the lines are printed.
 */
class TransportOwner {
  readonly #shared = new SharedArrayBuffer(CONTROL_WORDS * 4)
  readonly #control = new Int32Array(this.#shared)
  readonly #registry = new BroadcastChannel(REGISTRY)
  /** Those of threads that run, and those that were not empty when their thread ended. */
  readonly #rings = new Set<RingRegistration>()
  readonly #ended = new Set<number>()
  #worker: Worker | undefined
  #printed: PrintedRings | undefined
  #starts = 0
  #requests = 0
  #hasCrashed = false
  #isFailure = false
  /** When this process stops waiting for its last lines; undefined while it runs. */
  #endsAtMs: number | undefined

  constructor() {
    setEnvironmentData(OWNER_KEY, true)
    this.#registry.onmessage = event => this.register((event as { readonly data: RingRegistration }).data)
    // The channel must not keep the process alive. Its type does not know `unref`, which it has.
    ;(this.#registry as unknown as { unref(): void }).unref()
    process.on('worker', worker => {
      const thread = worker.threadId
      worker.once('exit', () => this.#closed(thread))
    })
    process.on('beforeExit', () => {
      // A thread that has not come up yet may fail to, and this thread has to be there to hear it.
      if (Atomics.load(this.#control, RUNNING) === 0) this.#worker?.ref()
    })
    process.on('exit', code => {
      this.#isFailure = code !== 0
      this.#endsAtMs = performance.now() + END_MS
      this.deliverLast()
    })
  }

  /** Has the transport read a thread's ring. */
  register(ring: RingRegistration): void {
    this.#rings.add(ring)
    if (this.#printed) void this.#printed.attach(ring)
    else if (this.#worker) this.#tell({ kind: 'ring', ...ring })
    else this.#start()
  }

  /**
   * Delivers what a crash leaves behind, in at most 250 ms. Errors go to the crash file first: `save` writes those that the
   * transport may not come to read, before this waits for anybody.
   */
  crash(save: (crashFile: string, rings: Iterable<RingRegistration>) => void): void {
    this.#hasCrashed = true
    this.#collect()
    const crashFile = crashFilePath()
    save(crashFile, this.#rings)
    this.#end({ isCrash: true, crashFile }, CRASH_MS)
  }

  /** Delivers the lines of handlers of 'exit' that run after ours. Without effect before the process ends. */
  deliverLast(): void {
    if (this.#endsAtMs === undefined || this.#hasCrashed) return
    this.#collect()
    const crashFile = this.#isFailure ? crashFilePath() : undefined
    this.#end({ isCrash: false, crashFile }, Math.max(0, this.#endsAtMs - performance.now()))
  }

  #start(): void {
    this.#starts++
    Atomics.store(this.#control, RUNNING, 0)
    Atomics.store(this.#control, UNDELIVERED, 0)
    let reason = 'it ended'
    try {
      const workerData: TransportData = { control: this.#shared }
      const options = { workerData, name: 'dareplane-logging' }
      const worker = startThread(new URL('./transport.worker.js', import.meta.url), options)
      worker.unref()
      worker.once('message', () => worker.unref())
      worker.on('error', error => (reason = String(error)))
      worker.once('exit', () => this.#startAgain(reason))
      this.#worker = worker
    } catch (error) {
      // In a bundle for CommonJS there is no URL to start it from.
      this.#startAgain(error instanceof Error ? error.message : String(error))
      return
    }
    for (const ring of this.#rings) this.#tell({ kind: 'ring', ...ring })
  }

  #startAgain(reason: string): void {
    this.#worker = undefined
    if (this.#endsAtMs === undefined && this.#starts < MOST_STARTS && Atomics.load(this.#control, RUNNING) === 1) {
      tell(`the thread that sends the log failed (${reason}) and is started again; records on their way are lost`)
      this.#start()
      return
    }
    if (this.#printed) return
    tell(`the thread that sends the log does not run (${reason}); log records are printed here instead`)
    this.#printed = new PrintedRings()
    for (const ring of this.#rings) void this.#printed.attach(ring)
  }

  #tell(message: TransportMessage): void {
    this.#worker?.postMessage(message)
  }

  /** Takes in the rings of other threads that the loop has not handed over yet, or never will. */
  #collect(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#registry as unknown as Parameters<typeof receiveMessageOnPort>[0])
      if (!received) return
      this.register(received.message as RingRegistration)
    }
  }

  #closed(thread: number): void {
    this.#collect()
    this.#tell({ kind: 'closed', thread })
    this.#printed?.closed(thread)
    this.#ended.add(thread)
    this.#forgetEnded()
  }

  /** Forgets the rings of ended threads that are empty by now: the others hold last words. */
  #forgetEnded(): void {
    for (const ring of this.#rings) if (this.#ended.has(ring.thread) && isEmpty(ring)) this.#rings.delete(ring)
    const left = new Set(Array.from(this.#rings, ({ thread }) => thread))
    for (const thread of this.#ended) if (!left.has(thread)) this.#ended.delete(thread)
  }

  #end(how: { isCrash: boolean; crashFile: string | undefined }, mostMs: number): void {
    this.#printed?.printAll()
    if (!this.#worker || this.#isDelivered()) return
    const request = ++this.#requests
    // Looked at before the transport is told: it may have answered before this thread runs on.
    const before = Atomics.load(this.#control, DONE)
    this.#tell({ kind: 'end', request, ...how })
    if (Atomics.wait(this.#control, DONE, before, mostMs) !== 'timed-out') return
    if (Atomics.load(this.#control, RUNNING) === 0 && !how.isCrash) this.#printLost()
  }

  /** The transport did not come up, and this thread hears of it only now: what it was to send is printed. */
  #printLost(): void {
    this.#startAgain('it did not come up in time')
    this.#printed?.printAll()
  }

  #isDelivered(): boolean {
    return [...this.#rings].every(isEmpty) && Atomics.load(this.#control, UNDELIVERED) === 0
  }
}

const isEmpty = ({ buffer }: RingRegistration): boolean => new LogRingReader(buffer).isEmpty

let owner: TransportOwner | undefined

/** The owner of this process's transport, which the calling thread becomes. */
export function transportOwner(): TransportOwner {
  return (owner ??= new TransportOwner())
}

// Threads started from here on are to find an owner, whether or not the main thread itself logs.
if (isMainThread) transportOwner()
