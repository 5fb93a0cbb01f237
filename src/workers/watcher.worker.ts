import { parentPort, workerData } from 'node:worker_threads'
import { expose } from 'comlink'
import { localClock } from '../clock.js'
import { DareplaneError } from '../errors.js'
import { chooseEngine } from '../lsl/choose-engine.js'
import type { EngineInlet, InletOptions } from '../lsl/engine.js'
import type { StreamInfo } from '../lsl/stream-info.js'
import { allocateRing } from '../ring/allocate-ring.js'
import { RingReader } from '../ring/ring-reader.js'
import { StopEvent } from '../stop-event.js'
import { comlinkPort } from './comlink-port.js'
import { findStream } from './find-stream.js'
import { isolatedEngine } from './isolated/isolated-engine.js'
import { PullLoop } from './pull-loop.js'
import { recoverStream } from './recover-stream.js'
import { ringSpecFor } from './ring-spec.js'
import type { Connected, EventMessage, StreamIdentifier, Tell, WatcherApi, WatcherSetup } from './watcher-api.js'
import { WatcherBoard } from './watcher-board.js'

/** The worker of one watcher: connects, pulls until it is stopped, releases all and ends by itself. */

const DEFAULT_TIMEOUT_S = 5
/** An inlet found in the last moment still gets that long to open. */
const SHORTEST_OPEN_S = 1
/** The engine's own queue holds at least as many frames as the ring, and enough for a busy machine where the ring is small. */
const SMALLEST_QUEUE = 16384
/** liblsl's clock sync stalls the first pull until it has an offset, so that is awaited before. */
const CLOCK_SYNC_TIMEOUT_S = 3

if (parentPort === null) throw new TypeError('watcher.worker is started by WatcherThread, in a worker')
const port = parentPort
const setup = workerData as WatcherSetup
const stop = new StopEvent(setup.stop)
const board = new WatcherBoard(setup.board)
const stopped = new AbortController()

async function awaitClock(inlet: EngineInlet): Promise<void> {
  const end = localClock() + CLOCK_SYNC_TIMEOUT_S
  while (!stop.isSet && inlet.timeCorrection() === undefined) {
    if (localClock() > end) throw new DareplaneError('ERR_TIMEOUT', `no clock offset within ${CLOCK_SYNC_TIMEOUT_S} s`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

async function openInlet(inlet: EngineInlet, timeoutS: number): Promise<StreamInfo> {
  const giveUp = (): void => void inlet.close()
  stopped.signal.addEventListener('abort', giveUp)
  try {
    await inlet.open(timeoutS)
    if (setup.processing.clockSync === true) await awaitClock(inlet)
    return await inlet.fullInfo(timeoutS)
  } catch (error) {
    await inlet.close()
    throw error
  } finally {
    stopped.signal.removeEventListener('abort', giveUp)
  }
}

const tell: Tell = (event, detail) => {
  port.postMessage({ event, detail } satisfies EventMessage)
}

async function connect(identifier: StreamIdentifier): Promise<Connected> {
  const { timeoutS = DEFAULT_TIMEOUT_S } = identifier
  const end = localClock() + timeoutS
  const engine = setup.isolation === 'process' ? await isolatedEngine(setup, stopped.signal) : chooseEngine(setup)
  const found = await findStream(engine, identifier, timeoutS, stopped.signal)

  const spec = ringSpecFor(found, setup)
  const ring = allocateRing(spec)
  const { capacity } = RingReader.attach(ring)
  const inletOptions: InletOptions = {
    queueFrames: Math.max(capacity, SMALLEST_QUEUE),
    recover: false,
    processing: setup.processing,
    signal: stopped.signal,
  }
  const left = (): number => Math.max(SHORTEST_OPEN_S, end - localClock())
  const inlet = await engine.createInlet(found, { ...inletOptions, timeoutS: left() })
  const info = await openInlet(inlet, left())
  board.state = 'connected'
  const loop = new PullLoop(inlet, {
    info,
    ring,
    queueFrames: inletOptions.queueFrames,
    board,
    stop,
    tell,
    recover: () => recoverStream({ engine, info, inlet: inletOptions, board, tell, signal: stopped.signal }),
  })
  // After the answer is out; what goes wrong from here on ends the worker, which its owner hears.
  setImmediate(() => void loop.run().then(end => end.close({ blocking: true })))
  return { ring, info: info.fields, engine: engine.name, libraryVersion: engine.version }
}

const api: WatcherApi = { connect }
expose(api, comlinkPort(port))

// The port is what keeps this thread alive; without it the thread ends as soon as everything is released.
void stop.waitAsync().then(() => {
  stopped.abort()
  port.close()
})
