import { channel } from 'node:diagnostics_channel'
import { milliseconds, options, whole } from '../check.js'
import { Fifo } from '../system/fifo.js'
import { startTimer } from '../timer.js'
import { callbackLine } from './wire/callback-line.js'
import type { Connection } from './client/connection.js'
import { DefaultServer } from './default-server.js'
import { SERVER_CHECKS } from './server-options.js'
import type { DefaultServerOptions } from './server-options.js'
import { WarningBudget } from './client/warning-budget.js'

/** The control room reads the answer to GET_PCOMMS after 100 ms, whole: a callback in it would become a command's name. */
const LISTING_MS = 200
/** It reads for the answer to UP for 100 ms, 16 bytes at a time, beside its reader of callbacks: one in between would be cut. */
const UP_MS = 150
/** A client that has not read in time is looked at so often, and gets the next callback so long after it was seen to have read. */
const LOOK_MS = 20
const BEHIND_MS = 60

/** What a {@link DefaultServer} takes, and how callbacks leave. */
export interface DefaultCallbackServerOptions extends DefaultServerOptions {
  /**
   * The shortest time between two callbacks, default 30 ms: the control room drops two that it reads at once. A client on this
   * machine that is busy, and has not read the one before, is waited for (Linux). With 0 callbacks leave as they come.
   */
  readonly callbackSpacingMs?: number
  /**
   * How long a client that sends nothing gets nothing but its greeting, default 8000 ms. A client that sends a command, or asks
   * for the list of commands, gets callbacks from then on. The control room asks 3 s after it has connected, and 2 s later
   * for each further module that it starts; until then it takes all that comes for the greeting.
   */
  readonly greetingMs?: number
  /** Callbacks kept while no client is there, default 1000; beyond, the oldest are dropped and counted. */
  readonly maxQueuedCallbacks?: number
}

/** Told of each callback the moment it is asked for. */
const ASKED = channel('dareplane:callback')

const checked = options<DefaultCallbackServerOptions>(
  'DefaultCallbackServer',
  "new DefaultCallbackServer({ port: 8080, name: 'my-module' })",
  {
    ...SERVER_CHECKS,
    callbackSpacingMs: milliseconds({ from: 0 }),
    greetingMs: milliseconds({ forever: true }),
    maxQueuedCallbacks: whole({ from: 1, forever: true }),
  },
)

/** A {@link DefaultServer} whose module also calls commands of other modules, through the control room. */
export class DefaultCallbackServer extends DefaultServer {
  readonly #spacingMs: number
  readonly #greetingMs: number
  readonly #maxQueued: number
  readonly #queue = new Fifo<string>()
  readonly #warnings: WarningBudget
  #dropped = 0
  /** When the next callback may leave: after one was sent, or seen to be unread. */
  #nextAt = -Infinity
  #isBehind = false
  #timer: NodeJS.Timeout | undefined
  #sending: NodeJS.Immediate | undefined

  constructor(options?: DefaultCallbackServerOptions) {
    const { callbackSpacingMs = 30, greetingMs = 8000, maxQueuedCallbacks = 1000, ...server } = checked(options)
    super(server)
    this.#spacingMs = callbackSpacingMs
    this.#greetingMs = greetingMs
    this.#maxQueued = maxQueuedCallbacks
    this.#warnings = new WarningBudget(this.logger)
  }

  /** Callbacks that were dropped because no client came for them. */
  get droppedCallbacks(): number {
    return this.#dropped
  }

  /**
   * Has the control room call `pcomm` of `targetModule` with `payload`. Never blocks: callbacks leave in order, spaced, to
   * the client that has been connected longest; without one they wait, also across STOP and a reconnect. At most once.
   */
  sendCallback(targetModule: string, pcomm: string, payload?: object): void {
    this.#queue.push(callbackLine(targetModule, pcomm, payload))
    ASKED.publish({ targetModule, pcomm })
    if (this.#queue.length > this.#maxQueued) {
      this.#queue.shift()
      this.#dropped++
      this.#warnings.warn({ dropped: this.#dropped }, 'callback dropped, no client came for it')
    }
    this.#sendDue()
  }

  protected override clientsChanged(): void {
    this.#sendDue()
  }

  override async shutdown(): Promise<void> {
    await super.shutdown()
    this.#cancel()
    this.#warnings.close()
    if (this.#queue.length > 0) this.logger.warn({ callbacks: this.#queue.length }, 'callbacks were never sent')
    this.#queue.takeAll()
  }

  /** Sends what is due, in a turn of its own that begins with what clients have sent: one that has left gets nothing. */
  #sendDue(): void {
    this.#cancel()
    const waitMs = this.#dueInMs()
    if (waitMs === undefined) return
    if (waitMs > 0) this.#timer = startTimer(Math.ceil(waitMs), () => this.#sendDue())
    else this.#sending = setImmediate(() => this.#sendOne())
  }

  #sendOne(): void {
    const line = this.#queue.peek()
    const client = this.#client()
    if (line === undefined || !client) return
    if (this.#dueInMs() === 0) {
      // What the client has not read would be read together with this one; so would what it has read a moment ago.
      const wasBehind = this.#isBehind
      this.#isBehind = this.#spacingMs > 0 && client.hasUnread
      const isEarly = this.#isBehind || wasBehind
      // A client that does not read is tried again when it does.
      if (!isEarly && !client.send(line)) return
      if (!isEarly) this.#queue.shift()
      const waitMs = this.#isBehind ? LOOK_MS : Math.max(this.#spacingMs, wasBehind ? BEHIND_MS : 0)
      this.#nextAt = performance.now() + waitMs
    }
    this.#sendDue()
  }

  /** How long the next callback must wait, 0 when it is due; undefined when there is none, or no client for it. */
  #dueInMs(): number | undefined {
    const client = this.#client()
    if (this.#queue.length === 0 || !client) return undefined
    const { heardAt, listedAt, seldomUpAt } = client.commands
    const readsAt = heardAt ?? (listedAt > 0 ? listedAt : client.connectedAt + this.#greetingMs)
    const dueAt = Math.max(this.#nextAt, readsAt, listedAt + LISTING_MS, seldomUpAt + UP_MS)
    return Math.max(0, dueAt - performance.now())
  }

  #client(): Connection | undefined {
    for (const connection of this.connections) {
      if (connection.isAuthorized && !connection.commands.isObserver) return connection
    }
    return undefined
  }

  #cancel(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#sending)
  }
}
