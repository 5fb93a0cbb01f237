import type { MessagePort } from 'node:worker_threads'
import { expose } from 'comlink'
import { localClock } from '../../clock.js'
import { DareplaneError, errorCode } from '../../errors.js'
import { chooseEngine } from '../../lsl/choose-engine.js'
import type { EngineInlet, InletOptions, WatcherEngine } from '../../lsl/engine.js'
import type { StreamInfo } from '../../lsl/stream-info.js'
import { allocateRing } from '../../ring/allocate-ring.js'
import type { RingSpec } from '../../ring/allocate-ring.js'
import { RingReader } from '../../ring/ring-reader.js'
import { WakeBell } from '../../ring/wake-bell.js'
import { StopEvent } from '../../stop-event.js'
import { pause, until } from '../../system/until.js'
import { comlinkPort } from '../comlink-port.js'
import { findStream, latecomers } from './find-stream.js'
import { isolatedEngine } from './isolated/isolated-engine.js'
import { PullLoop } from './pull-loop.js'
import { StreamRecovery } from './recover-stream.js'
import { ringSpecFor } from './ring-spec.js'
import type { StreamIdentifier } from './stream-identifier.js'
import type { Connected, EventMessage, LeftMessage, Tell, WatcherApi, WatcherSetup } from './watcher-api.js'
import { WatcherBoard } from './watcher-board.js'

/** Between two tries to open a stream that was there. */
const RETRY_S = 0.25
/** An inlet found in the last moment still gets that long to open. */
const SHORTEST_OPEN_S = 1
/** The engine's own queue holds at least as many frames as the ring, and enough for a busy machine where the ring is small. */
const SMALLEST_QUEUE = 16384
/** The last half hour of clock offsets and more, as an offset is measured every two seconds. */
const CLOCK_RING: RingSpec = { frames: 1024, channels: 2, format: 'double64', holdFrames: 64, maxChunk: 1 }
/** liblsl's clock sync stalls the first pull until it has an offset, so that is awaited before. */
const CLOCK_SYNC_TIMEOUT_S = 3

/** The watchers of a thread all have the owner's one bell. */
let ownersBell: WakeBell | undefined

function bellOf(buffer: SharedArrayBuffer): WakeBell {
  return (ownersBell ??= new WakeBell(buffer))
}

/** One watcher's part of a pull thread: connects, pulls until it is stopped, releases all, says that it has left. */
export class WatcherService {
  readonly #setup: WatcherSetup
  readonly #port: MessagePort
  readonly #stop: StopEvent
  readonly #board: WatcherBoard
  readonly #stopped = new AbortController()
  /** All that is to end before it has left. */
  readonly #work = new Set<Promise<unknown>>()
  #fault: string | undefined

  constructor(setup: WatcherSetup, port: MessagePort) {
    this.#setup = setup
    this.#port = port
    this.#stop = new StopEvent(setup.stop)
    this.#board = new WatcherBoard(setup.board)
  }

  /** Serves the watcher until it is stopped, or has failed. Never rejects. */
  async serve(): Promise<void> {
    const api: WatcherApi = { connect: (identifier, timeoutS) => this.#during(this.#connect(identifier, timeoutS)) }
    expose(api, comlinkPort(this.#port))
    await this.#stop.waitAsync()
    this.#stopped.abort()
    while (this.#work.size > 0) await Promise.allSettled(this.#work)
    this.#port.postMessage({ left: true, fault: this.#fault } satisfies LeftMessage)
    this.#port.close()
  }

  /** The same promise, which is to settle before this has left. */
  #during<T>(work: Promise<T>): Promise<T> {
    const settled = work.finally(() => this.#work.delete(settled))
    this.#work.add(settled)
    return settled
  }

  async #connect(identifier: StreamIdentifier, timeoutS: number): Promise<Connected> {
    const { signal } = this.#stopped
    const end = localClock() + timeoutS
    const setup = this.#setup
    const engine = setup.isolation === 'process' ? await isolatedEngine(setup, signal) : chooseEngine(setup)
    const left = (): number => Math.max(SHORTEST_OPEN_S, end - localClock())
    for (let searchS = timeoutS; ; searchS = left()) {
      const found = await findStream(engine, identifier, searchS, signal)
      try {
        const connected = await this.#receive(engine, found, left)
        this.#afterwards(() => this.#tellLatecomers(engine, identifier, found))
        return connected
      } catch (error) {
        // Its outlet has gone since it was found: it may be back in time.
        if (errorCode(error) !== 'ERR_STREAM_LOST' || signal.aborted || localClock() > end) throw error
        this.#tell('refused', { reason: error instanceof Error ? error.message : String(error) })
        await pause(RETRY_S * 1000, signal)
      }
    }
  }

  async #receive(engine: WatcherEngine, found: StreamInfo, left: () => number): Promise<Connected> {
    const { processing, ambiguous } = this.#setup
    const { signal } = this.#stopped
    const ring = allocateRing(ringSpecFor(found, this.#setup))
    const { capacity } = RingReader.attach(ring)
    const clock = allocateRing(CLOCK_RING)
    const inletOptions: InletOptions = {
      queueFrames: Math.max(capacity, SMALLEST_QUEUE),
      recover: false,
      processing,
      signal,
    }
    const inlet = await engine.createInlet(found, { ...inletOptions, timeoutS: left() })
    const info = await this.#open(inlet, left())
    const board = this.#board
    board.state = 'connected'
    const recovery = new StreamRecovery({
      engine,
      info,
      inlet: inletOptions,
      board,
      tell: this.#tell,
      signal,
      ambiguous,
    })
    const loop = new PullLoop(inlet, {
      info,
      ring,
      clock,
      isSynchronized: processing.clockSync === true,
      queueFrames: inletOptions.queueFrames,
      board,
      stop: this.#stop,
      bell: bellOf(this.#setup.bell),
      isShared: this.#setup.thread === 'shared',
      tell: this.#tell,
      recover: () => recovery.recover(),
    })
    this.#afterwards(async () => {
      const last = await loop.run()
      await last.close({ blocking: true })
    })
    return { ring: { ...ring, clock }, info: info.fields, engine: engine.name, libraryVersion: engine.version }
  }

  /** Once the answer is out. What goes wrong from there on ends this watcher, which its owner hears; others of the thread go on. */
  #afterwards(what: () => Promise<void>): void {
    const started = new Promise<void>(resolve => setImmediate(resolve))
    void this.#during(started.then(what)).catch((error: unknown) => {
      this.#fault ??= [errorCode(error), error instanceof Error ? error.message : String(error)]
        .filter(Boolean)
        .join(': ')
      this.#stop.set()
    })
  }

  async #open(inlet: EngineInlet, timeoutS: number): Promise<StreamInfo> {
    const { signal } = this.#stopped
    const giveUp = (): void => void inlet.close()
    signal.addEventListener('abort', giveUp)
    try {
      await inlet.open(timeoutS)
      if (this.#setup.processing.clockSync === true) await this.#awaitClock(inlet)
      return await inlet.fullInfo(timeoutS)
    } catch (error) {
      await inlet.close()
      throw error
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  async #awaitClock(inlet: EngineInlet): Promise<void> {
    const isKnown = (): boolean => this.#stop.isSet || inlet.timeCorrection() !== undefined
    if (await until(isKnown, { everyMs: 10, timeoutMs: CLOCK_SYNC_TIMEOUT_S * 1000 })) return
    throw new DareplaneError('ERR_TIMEOUT', `no clock offset within ${CLOCK_SYNC_TIMEOUT_S} s`)
  }

  /** Tells of streams that could have been meant as well and answered too late to be an error. */
  async #tellLatecomers(engine: WatcherEngine, identifier: StreamIdentifier, info: StreamInfo): Promise<void> {
    // A look that fails changes nothing for a stream that is connected.
    const late = await latecomers(engine, identifier, info, this.#stopped.signal).catch(() => [])
    if (late.length > 0) this.#tell('ambiguous', { candidates: [info, ...late].map(String) })
  }

  readonly #tell: Tell = (event, detail) => {
    this.#port.postMessage({ event, detail } satisfies EventMessage)
  }
}
