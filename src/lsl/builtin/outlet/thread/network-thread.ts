import { MessageChannel } from 'node:worker_threads'
import type { Worker } from 'node:worker_threads'
import { bytesPerValue } from '../../../../channel-format.js'
import type { RingHandle } from '../../../../ring/allocate-ring.js'
import { startThread } from '../../../../system/start.js'
import type { OutletOptions } from '../../../engine.js'
import type { StreamInfo } from '../../../stream-info.js'
import { BLOCK_BYTES } from '../../codec/encode-numeric.js'
import type { LslConfig } from '../../config/lsl-config.js'
import type { OutletServer } from '../outlet-server.js'
import { Doorbell } from '../../../outlet/doorbell.js'
import type { ClosedOutlet, OpenOutlet } from './network-messages.js'
import { CONSUMERS, DROPPED, LOST, allocateQueue, attachQueue, loadCount } from './queue-layout.js'
import { QueueWriter } from './queue-writer.js'

/** Seconds of a stream that its queue has room for, and bytes at least and at most. */
const QUEUE_S = 0.25
const SMALLEST_QUEUE = 2 ** 18
const LARGEST_QUEUE = 2 ** 23
/** How long the end of a thread is held up for what it pushed last. */
const LAST_WORDS_MS = 1000

/** An outlet's network on that thread. */
export interface ThreadServer extends OutletServer {
  /** Of an outlet that sends what is written into a ring: samples that were overwritten before. */
  readonly lost: number
  /** What to ring after writing there. */
  readonly bell: Doorbell
}

let current: NetworkThread | undefined

/**
 * The network of the outlets that this thread makes, on a thread of its own: they are found and served whatever this one does
 * meanwhile. Node ends a thread with the one that started it, hence one for each that has outlets.
 */
class NetworkThread {
  readonly #bell = new Doorbell()
  readonly #worker: Worker
  /** By uid: what to do when an outlet is off the network. */
  readonly #closings = new Map<string, () => void>()
  #outlets = 0

  constructor() {
    this.#worker = startThread(new URL('./network.worker.js', import.meta.url), { workerData: this.#bell.buffer })
    this.#worker.on('message', ({ closed }: ClosedOutlet) => this.#closed(closed))
    this.#worker.on('error', error => this.#bell.fail(error instanceof Error ? error.message : String(error)))
    this.#worker.on('exit', code => {
      if (this.#outlets > 0) this.#bell.fail(`exit code ${code}`)
      this.#leave()
      for (const uid of [...this.#closings.keys()]) this.#closed(uid)
    })
    this.#worker.unref()
    // Before the sockets of all threads are closed.
    process.prependListener('exit', this.#flush)
  }

  get isUsable(): boolean {
    return this.#bell.state === 'serves'
  }

  open(info: StreamInfo, options: OutletOptions, config: LslConfig, ring?: RingHandle): ThreadServer {
    // Beside a ring the queue is there for its words only.
    const buffer = allocateQueue(ring === undefined ? capacityFor(info) : 0)
    const { words, capacity } = attachQueue(buffer)
    const { port1, port2 } = new MessageChannel()
    const writer = new QueueWriter(attachQueue(buffer), this.#bell, port1)
    const message: OpenOutlet = {
      info: info.fields,
      options,
      config,
      queue: buffer,
      port: port2,
      ...(ring && { ring }),
    }
    this.#worker.postMessage(message, [port2])
    this.#outlets++
    const bell = this.#bell
    let refused = 0
    return {
      get consumers() {
        bell.check(info)
        return Atomics.load(words, CONSUMERS)
      },
      get dropped() {
        return loadCount(words, DROPPED) + refused
      },
      get lost() {
        return loadCount(words, LOST)
      },
      bell,
      blockBytes: Math.min(BLOCK_BYTES, capacity / 4),
      send: (block, flush) => {
        bell.check(info)
        if (!writer.send(block, flush)) refused += block.frames * Atomics.load(words, CONSUMERS)
      },
      close: () => this.#close(info.uid, writer),
    }
  }

  #close(uid: string, writer: QueueWriter): Promise<void> {
    return new Promise(resolve => {
      this.#closings.set(uid, resolve)
      // Whoever waits for the end of an outlet shall see it.
      this.#worker.ref()
      writer.close()
      if (!this.isUsable) this.#closed(uid)
    })
  }

  #closed(uid: string): void {
    const resolve = this.#closings.get(uid)
    this.#closings.delete(uid)
    this.#outlets--
    if (this.#closings.size === 0) this.#worker.unref()
    if (this.#outlets === 0) {
      this.#leave()
      this.#worker.postMessage('end')
    }
    resolve?.()
  }

  #leave(): void {
    if (current === this) current = undefined
    process.off('exit', this.#flush)
  }

  /** Who ends without closing an outlet has sent what it pushed nevertheless. */
  readonly #flush = (): void => {
    if (!this.isUsable) return
    this.#bell.state = 'leaves'
    this.#bell.waitWhile('leaves', LAST_WORDS_MS)
  }
}

/** Room for a moment of the stream: the network is behind by so much only while it has no processor. */
function capacityFor({ channelFormat, channelCount, nominalSrate }: StreamInfo): number {
  const frameBytes = channelFormat === 'string' ? 0 : channelCount * bytesPerValue(channelFormat)
  const wanted = Math.min(LARGEST_QUEUE, Math.max(SMALLEST_QUEUE, frameBytes * nominalSrate * QUEUE_S))
  return 2 ** Math.ceil(Math.log2(wanted))
}

/**
 * Serves an outlet on the network thread of this thread, which is started if there is none. With `ring` that thread sends what is
 * written there, and nothing else.
 */
export function threadServer(
  info: StreamInfo,
  options: OutletOptions,
  config: LslConfig,
  ring?: RingHandle,
): ThreadServer {
  if (current?.isUsable !== true) current = new NetworkThread()
  return current.open(info, options, config, ring)
}
