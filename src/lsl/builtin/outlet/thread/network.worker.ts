import { parentPort, workerData } from 'node:worker_threads'
import { StreamInfo } from '../../../stream-info.js'
import type { LslConfig } from '../../config/lsl-config.js'
import { RingFeed } from '../../../outlet/ring-feed.js'
import { BuiltinOutlet } from '../builtin-outlet.js'
import { localServer } from '../outlet-server.js'
import type { OutletServer } from '../outlet-server.js'
import { Doorbell } from '../../../outlet/doorbell.js'
import type { ClosedOutlet, OpenOutlet } from './network-messages.js'
import { CONSUMERS, DROPPED, LOST, attachQueue, storeCount } from './queue-layout.js'
import { QueueReader } from './queue-reader.js'

/** The network of all outlets of one thread: discovery, connections, sending. Ends with that thread, or when it is told to. */

if (parentPort === null) throw new TypeError('network.worker is started by NetworkThread, in a worker')
const port = parentPort
const bell = new Doorbell(workerData as SharedArrayBuffer)

interface Served {
  readonly uid: string
  readonly words: Int32Array
  readonly queue: QueueReader
  /** What comes by a ring instead. */
  readonly feed: RingFeed | undefined
  readonly server: OutletServer
}

const outlets = new Set<Served>()
/** One object for equal configurations: what they share on the network goes by it. */
const configs = new Map<string, LslConfig>()

function open({ info: fields, options, config: given, queue: buffer, port: large, ring }: OpenOutlet): void {
  const key = JSON.stringify(given)
  const config = configs.get(key) ?? given
  configs.set(key, config)
  const memory = attachQueue(buffer)
  const { words } = memory
  const info = new StreamInfo(fields)
  const server = localServer(info, options, config, () => {
    Atomics.store(words, CONSUMERS, server.consumers)
    storeCount(words, DROPPED, server.dropped)
  })
  const feed = ring && new RingFeed(ring, new BuiltinOutlet(info, server, config))
  outlets.add({ uid: info.uid, words, queue: new QueueReader(memory, large), feed, server })
  // It may be closing by now.
  bell.ring()
}

async function close(outlet: Served): Promise<void> {
  outlets.delete(outlet)
  await outlet.server.close()
  storeCount(outlet.words, DROPPED, outlet.server.dropped)
  outlet.queue.close()
  port.postMessage({ closed: outlet.uid } satisfies ClosedOutlet)
}

function sendAll(): void {
  for (const outlet of outlets) {
    const { queue, feed, server, words } = outlet
    const { isClosing } = queue
    if (!isEmpty(outlet)) {
      queue.drain((block, flush) => server.send(block, flush))
      feed?.drain()
      storeCount(words, DROPPED, server.dropped)
      storeCount(words, LOST, feed?.lost ?? 0)
    }
    if (isClosing) void close(outlet)
  }
}

function isEmpty({ queue, feed }: Served): boolean {
  return queue.isEmpty && feed?.isEmpty !== false
}

function isIdle(): boolean {
  if (bell.state === 'leaves') return false
  for (const outlet of outlets) if (!isEmpty(outlet) || outlet.queue.isClosing) return false
  return true
}

/** Off the network, as well: a datagram that arrives while node ends a thread aborts the process. */
async function leave(): Promise<void> {
  // What was pushed since the last look; nothing more will be.
  sendAll()
  await Promise.all([...outlets].map(close))
  bell.state = 'has left'
}

async function serve(): Promise<never> {
  for (;;) {
    await bell.sleep(isIdle)
    sendAll()
    // The sockets get their turn, however fast others push.
    await new Promise(setImmediate)
    if (bell.state === 'leaves') await leave()
  }
}

process.on('uncaughtException', error => {
  bell.fail(error instanceof Error ? error.message : String(error))
  process.exit(1)
})
port.on('message', (message: OpenOutlet | 'end') => {
  if (message === 'end') port.close()
  else open(message)
})
void serve()
