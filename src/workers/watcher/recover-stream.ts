import { localClock } from '../../clock.js'
import type { EngineInlet, InletOptions, WatcherEngine } from '../../lsl/engine.js'
import { resolveIdentity } from '../../lsl/identity.js'
import type { Identity } from '../../lsl/identity.js'
import type { StreamInfo } from '../../lsl/stream-info.js'
import { pause } from '../../system/until.js'
import { RetryTimes } from './retry-times.js'
import type { Tell, WatcherEvents } from './watcher-api.js'
import type { WatcherBoard } from './watcher-board.js'
import type { Ambiguity } from './watcher-options.js'

const OPEN_TIMEOUT_S = 5
/** Between two looks at a network where only the wrong stream is. */
const RETRY_S = 0.25
/** After the first answer, how long others are waited for: of several candidates none is taken. */
const SETTLE_S = 0.1
/** A search that failed, for want of descriptors or memory, has this name among those that are tried again later. */
const SEARCH = 'the search'

export interface RecoverOptions {
  readonly engine: WatcherEngine
  /** The stream that is connected. */
  readonly info: StreamInfo
  readonly inlet: InletOptions
  readonly board: WatcherBoard
  readonly tell: Tell
  readonly signal: AbortSignal
  /** What to do when several streams could be the lost one. Default 'wait'. */
  readonly ambiguous?: Ambiguity | undefined
}

function shape({ channelCount, channelFormat, nominalSrate }: StreamInfo): string {
  return `${channelCount} x ${channelFormat} at ${nominalSrate} Hz`
}

/** The same device after a restart: by source id, or by name, type and host where there is none. */
function identityOf({ name, type, sourceId, hostname }: StreamInfo): Identity {
  return sourceId === '' ? { name, type, hostname, sourceId } : { name, type, sourceId }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Finds a stream again, as often as it is lost. One for each connection of a watcher. */
export class StreamRecovery {
  readonly #options: RecoverOptions
  readonly #identity: Identity
  readonly #retry = new RetryTimes()
  /** The outlet that is, or was last, connected, and since when. */
  #uid: string
  #since = localClock()
  /** What was told during this loss: nothing is told twice. */
  #told = new Set<string>()

  constructor(options: RecoverOptions) {
    this.#options = options
    this.#identity = identityOf(options.info)
    this.#uid = options.info.uid
  }

  /**
   * Looks for the lost stream until it is back, and opens a new inlet on it; undefined when `signal` ends the search. What
   * answers and does not serve is told (`refused`) and tried again, later each time; a stream of another shape is told
   * (`incompatible`) and not opened. Of several that serve none is taken, which is told (`ambiguous`), unless the newest is asked
   * for. Never rejects: as long as there is a watcher, it looks.
   */
  async recover(): Promise<EngineInlet | undefined> {
    const { signal } = this.#options
    const lostAt = localClock()
    this.#retry.failed(this.#uid, lostAt, lostAt - this.#since)
    this.#told = new Set()
    while (!signal.aborted) {
      const inlet = await this.#look()
      if (inlet !== undefined) return inlet
      await pause(RETRY_S * 1000, signal)
    }
    return undefined
  }

  async #look(): Promise<EngineInlet | undefined> {
    const found = await this.#search()
    const { info, board, ambiguous = 'wait' } = this.#options
    const newestFirst = found.toSorted((a, b) => b.createdAt - a.createdAt)
    const fitting = newestFirst.filter(stream => shape(stream) === shape(info))
    const [newest] = newestFirst
    if (newest !== undefined && fitting.length === 0) {
      board.state = 'incompatible'
      this.#tell('incompatible', { expected: shape(info), found: shape(newest) }, newest.uid)
      return undefined
    }
    const now = localClock()
    const due = fitting.filter(({ uid }) => this.#retry.isDue(uid, now))
    const same = due.find(({ uid }) => uid === this.#uid)
    if (same !== undefined) return this.#take([same])
    const untried = due.filter(({ uid }) => !this.#retry.hasFailed(uid))
    const candidates = untried.length > 0 ? untried : due
    const serving = candidates.length > 1 && ambiguous === 'wait' ? await this.#serving(candidates) : candidates
    return this.#take(serving)
  }

  /** The first of them that opens. */
  async #take(candidates: readonly StreamInfo[]): Promise<EngineInlet | undefined> {
    for (const candidate of candidates) {
      const inlet = await this.#open(candidate)
      if (inlet === undefined) continue
      this.#uid = candidate.uid
      this.#since = localClock()
      return inlet
    }
    return undefined
  }

  async #search(): Promise<readonly StreamInfo[]> {
    const { engine, signal } = this.#options
    const now = localClock()
    if (!this.#retry.isDue(SEARCH, now)) return []
    try {
      const first = await resolveIdentity(engine, this.#identity, { minimum: 1, timeoutS: Infinity, signal })
      if (first.some(({ uid }) => uid === this.#uid)) return first
      const settled = await resolveIdentity(engine, this.#identity, { minimum: 0, timeoutS: SETTLE_S, signal })
      return [...new Map([...first, ...settled].map(stream => [stream.uid, stream])).values()]
    } catch (error) {
      this.#retry.failed(SEARCH, now)
      if (!signal.aborted) this.#tell('refused', { reason: `the search failed: ${reasonOf(error)}` })
      return []
    }
  }

  /** Those of several candidates that serve, if it is one; what answers a search need be no feed. */
  async #serving(candidates: readonly StreamInfo[]): Promise<readonly StreamInfo[]> {
    const key = candidates
      .map(({ uid }) => uid)
      .sort()
      .join()
    if (this.#told.has(key)) return []
    const serving: StreamInfo[] = []
    for (const candidate of candidates) {
      const inlet = await this.#open(candidate)
      await inlet?.close()
      if (inlet !== undefined) serving.push(candidate)
    }
    if (serving.length < 2) return serving
    this.#tell('ambiguous', { candidates: serving.map(String) }, key)
    return []
  }

  async #open(info: StreamInfo): Promise<EngineInlet | undefined> {
    const { engine, inlet: options, signal } = this.#options
    const isOver = (): boolean => signal.aborted
    if (isOver()) return undefined
    let inlet: EngineInlet | undefined
    const giveUp = (): void => void inlet?.close()
    signal.addEventListener('abort', giveUp)
    try {
      inlet = await engine.createInlet(info, options)
      await inlet.open(OPEN_TIMEOUT_S)
      return inlet
    } catch (error) {
      await inlet?.close()
      this.#retry.failed(info.uid, localClock())
      if (!isOver()) this.#tell('refused', { reason: `${info.toString()} does not serve: ${reasonOf(error)}` })
      return undefined
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  #tell<Name extends keyof WatcherEvents>(
    event: Name,
    detail: WatcherEvents[Name][0],
    about: string = JSON.stringify(detail),
  ): void {
    if (this.#told.has(about)) return
    this.#told.add(about)
    this.#options.tell(event, detail)
  }
}
