import { BroadcastChannel, Worker, isMainThread, receiveMessageOnPort, setEnvironmentData } from 'node:worker_threads'
import { crashFilePath } from './crash-file.js'
import { LogRingReader } from './log-ring-reader.js'
import { CONTROL_WORDS, DONE, RUNNING, UNDELIVERED } from './transport-messages.js'
import type { TransportMessage } from './transport-messages.js'
import type { TransportData } from './transport.worker.js'

import { workerExecArgv } from './worker-arguments.js'

/** Environment data of a process whose transport has an owner; every thread started since inherits it. */
export const OWNER_KEY = 'dareplane-utils.logging'
/** Where the other threads hand in their rings. */
export const REGISTRY = 'dareplane-utils.logging.rings'

/** A thread's ring, for the transport. */
export interface RingRegistration {
  readonly thread: number
  readonly buffer: SharedArrayBuffer
}

const BOOT_MS = 2000
const END_MS = 6000
const CRASH_MS = 250

/**
 * Owns the one transport thread of the process, in the main thread: starts it with the first ring, never waits for it, and
 * lets it deliver when the process ends.
 */
class TransportOwner {
  readonly #shared = new SharedArrayBuffer(CONTROL_WORDS * 4)
  readonly #control = new Int32Array(this.#shared)
  readonly #registry = new BroadcastChannel(REGISTRY)
  readonly #rings = new Map<number, SharedArrayBuffer>()
  #worker: Worker | undefined
  #starts = 0
  #requests = 0
  #hasCrashed = false

  constructor() {
    setEnvironmentData(OWNER_KEY, true)
    this.#registry.onmessage = event => this.register((event as { readonly data: RingRegistration }).data)
    // The type lacks what the channel has: it must not keep the process alive.
    ;(this.#registry as unknown as { unref(): void }).unref()
    process.on('worker', worker => {
      const thread = worker.threadId
      worker.once('exit', () => this.#closed(thread))
    })
    process.on('exit', code => this.#endOfProcess(code !== 0))
  }

  /** Has the transport read this thread's ring. */
  register({ thread, buffer }: RingRegistration): void {
    this.#rings.set(thread, buffer)
    if (this.#worker) this.#tell({ kind: 'ring', thread, buffer })
    else this.#start()
  }

  /**
   * Delivers what a crash leaves behind, in at most 250 ms. Errors go to the crash file first: `save` writes those that the
   * transport may not come to read, before this waits for anybody.
   */
  crash(save: (crashFile: string, rings: ReadonlyMap<number, SharedArrayBuffer>) => void): void {
    this.#hasCrashed = true
    this.#collect()
    const crashFile = crashFilePath()
    save(crashFile, this.#rings)
    this.#end({ isCrash: true, crashFile }, CRASH_MS)
  }

  #start(): void {
    // A thread that cannot be started, or dies, three times is not tried again: the rings fill and drop, the program goes on.
    if (this.#starts++ >= 3) return
    Atomics.store(this.#control, RUNNING, 0)
    const workerData: TransportData = { control: this.#shared }
    const execArgv = workerExecArgv()
    const worker = new Worker(new URL('./transport.worker.js', import.meta.url), {
      workerData,
      name: 'dareplane-logging',
      ...(execArgv ? { execArgv } : {}),
    })
    this.#worker = worker
    worker.unref()
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      this.#worker = undefined
      this.#start()
    })
    for (const [thread, buffer] of this.#rings) this.#tell({ kind: 'ring', thread, buffer })
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
    if (this.#rings.delete(thread)) this.#tell({ kind: 'closed', thread })
  }

  #endOfProcess(isFailure: boolean): void {
    if (this.#hasCrashed) return
    this.#collect()
    this.#end({ isCrash: false, crashFile: isFailure ? crashFilePath() : undefined }, END_MS)
  }

  #end(how: { isCrash: boolean; crashFile: string | undefined }, mostMs: number): void {
    if (!this.#worker || this.#isDelivered()) return
    const request = ++this.#requests
    // Looked at before the transport is told: it may have answered before this thread runs on.
    const before = Atomics.load(this.#control, DONE)
    this.#tell({ kind: 'end', request, ...how })
    const bootMs = Math.min(mostMs, BOOT_MS)
    if (Atomics.wait(this.#control, DONE, before, bootMs) !== 'timed-out') return
    if (Atomics.load(this.#control, RUNNING) === 1) Atomics.wait(this.#control, DONE, before, mostMs - bootMs)
  }

  #isDelivered(): boolean {
    const areRead = [...this.#rings.values()].every(buffer => new LogRingReader(buffer).isEmpty)
    return areRead && Atomics.load(this.#control, UNDELIVERED) === 0
  }
}

let owner: TransportOwner | undefined

/** The owner of this process's transport, which the calling thread becomes. */
export function transportOwner(): TransportOwner {
  return (owner ??= new TransportOwner())
}

// Threads started from here on are to find an owner, whether or not the main thread itself logs.
if (isMainThread) transportOwner()
