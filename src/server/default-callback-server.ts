import { callbackLine } from './callback-line.js'
import { DefaultServer } from './default-server.js'
import type { DefaultServerOptions } from './server-options.js'

/** The control room reads the answer to GET_PCOMMS after 100 ms, whole: a callback in it would become a command's name. */
const LISTING_MS = 200

export interface DefaultCallbackServerOptions extends DefaultServerOptions {
  /** The shortest time between two callbacks, default 30 ms: the control room drops two that it reads at once. */
  readonly callbackSpacingMs?: number
  /** How long a new client gets nothing but its greeting, default 1000 ms: the control room takes it all for the greeting. */
  readonly greetingMs?: number
  /** Callbacks kept while no client is there, default 1000; beyond, the oldest are dropped and counted. */
  readonly maxQueuedCallbacks?: number
}

/** A {@link DefaultServer} whose module also calls commands of other modules, through the control room. */
export class DefaultCallbackServer extends DefaultServer {
  readonly #spacingMs: number
  readonly #greetingMs: number
  readonly #maxQueued: number
  readonly #queue: string[] = []
  #dropped = 0
  #lastSentAt = -Infinity
  #timer: NodeJS.Timeout | undefined

  constructor(options: DefaultCallbackServerOptions = {}) {
    super(options)
    const { callbackSpacingMs = 30, greetingMs = 1000, maxQueuedCallbacks = 1000 } = options
    if (!(callbackSpacingMs >= 0)) throw new RangeError(`callbackSpacingMs must be >= 0, got ${callbackSpacingMs}`)
    if (!(greetingMs >= 0)) throw new RangeError(`greetingMs must be >= 0, got ${greetingMs}`)
    if (!(maxQueuedCallbacks >= 1)) throw new RangeError(`maxQueuedCallbacks must be >= 1, got ${maxQueuedCallbacks}`)
    this.#spacingMs = callbackSpacingMs
    this.#greetingMs = greetingMs
    this.#maxQueued = maxQueuedCallbacks
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
    if (this.#queue.length > this.#maxQueued) {
      this.#queue.shift()
      this.#dropped++
      this.logger.warn({ dropped: this.#dropped }, 'callback dropped, no client came for it')
    }
    this.#sendDue()
  }

  protected override clientsChanged(): void {
    this.#sendDue()
  }

  override async shutdown(): Promise<void> {
    clearTimeout(this.#timer)
    await super.shutdown()
    if (this.#queue.length > 0) this.logger.warn({ callbacks: this.#queue.length }, 'callbacks were never sent')
    this.#queue.length = 0
  }

  #sendDue(): void {
    clearTimeout(this.#timer)
    for (;;) {
      const [line] = this.#queue
      const [client] = this.connections
      if (line === undefined || !client) return
      const { connectedAt, listedAt } = client
      const dueAt = Math.max(this.#lastSentAt + this.#spacingMs, connectedAt + this.#greetingMs, listedAt + LISTING_MS)
      const waitMs = dueAt - performance.now()
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#sendDue(), Math.ceil(waitMs))
        return
      }
      if (!client.send(line)) return
      this.#queue.shift()
      this.#lastSentAt = performance.now()
    }
  }
}
