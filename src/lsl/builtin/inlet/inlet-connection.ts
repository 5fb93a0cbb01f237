import { setTimeout as delay } from 'node:timers/promises'
import { localClock } from '../../../clock.js'
import { DareplaneError } from '../../../errors.js'
import { startTimer } from '../../../timer.js'
import type { InletOptions } from '../../engine.js'
import type { StreamInfo } from '../../stream-info.js'
import type { LslConfig } from '../config/lsl-config.js'
import { endpointsOf } from '../net/endpoints.js'
import type { Endpoint } from '../net/endpoints.js'
import { DataReceiver } from './data-receiver.js'
import { findSuccessor } from './find-successor.js'
import type { SampleDecoder } from './sample-decoder.js'

/** Before the next attempt with an outlet that is announced but does not serve. */
const RETRY_MS = 100

export interface InletConnectionEvents {
  readonly connecting: (endpoint: Endpoint) => void
  /** Another outlet instance continues the stream. */
  readonly succeeded: (info: StreamInfo) => void
  readonly arrived: () => void
  /** For good. */
  readonly lost: (reason: DareplaneError) => void
}

/** Keeps an inlet connected: opens a connection, and with `recover` another one whenever it breaks. */
export class InletConnection {
  info: StreamInfo
  /** Why there will be no more samples. */
  lost: DareplaneError | undefined
  readonly #config: LslConfig
  readonly #options: InletOptions
  readonly #recover: boolean
  readonly #decoder: SampleDecoder
  readonly #events: InletConnectionEvents
  readonly #closing = new AbortController()
  #connection: DataReceiver | undefined
  /** Why the last connection ended, or was not made. */
  #obstacle: DareplaneError | undefined
  #running = false
  #opened = false
  #lastArrival = 0
  #watchdog: NodeJS.Timeout | undefined
  #waiting: (() => void)[] = []

  constructor(
    info: StreamInfo,
    config: LslConfig,
    options: InletOptions,
    decoder: SampleDecoder,
    events: InletConnectionEvents,
  ) {
    this.info = info
    this.#config = config
    this.#options = options
    // Without a source id nothing tells that another stream is this one again.
    this.#recover = options.recover && info.sourceId !== ''
    this.#decoder = decoder
    this.#events = events
  }

  /** Resolves once samples flow. Rejects with ERR_TIMEOUT, ERR_STREAM_LOST, ERR_PROTOCOL_UNSUPPORTED, ERR_CLOSED. */
  async open(timeoutS: number): Promise<void> {
    const end = localClock() + timeoutS
    if (!this.#running) {
      this.#running = true
      void this.#run()
    }
    while (!this.#opened) {
      if (this.lost !== undefined) throw this.lost
      if (this.#closing.signal.aborted) throw new DareplaneError('ERR_CLOSED', 'the inlet was closed')
      const left = end - localClock()
      // What stood in the way, where it is known: nobody there, for one.
      if (left <= 0 && this.#obstacle !== undefined) throw this.#obstacle
      if (left <= 0)
        throw new DareplaneError('ERR_TIMEOUT', `stream ${this.info.toString()} did not answer within ${timeoutS} s`)
      await this.#change(left)
    }
  }

  close(): void {
    this.#closing.abort()
    this.#opened = false
    clearInterval(this.#watchdog)
    this.#connection?.close()
    this.#changed()
  }

  async #run(): Promise<void> {
    if (this.#recover) this.#watch()
    for (;;) {
      const reason = await this.#connect()
      this.#obstacle = reason
      this.#opened = false
      if (this.#closing.signal.aborted) return
      // What has arrived is still the reader's.
      this.#decoder.spill()
      if (!this.#recover || reason.code !== 'ERR_STREAM_LOST') {
        this.#lose(reason)
        return
      }
      try {
        await this.#succeed()
      } catch (error) {
        if (error instanceof DareplaneError) this.#lose(error)
        return
      }
    }
  }

  /** Connects and stays so; resolves with the reason of the end. */
  async #connect(): Promise<DareplaneError> {
    let reason = new DareplaneError('ERR_STREAM_LOST', `stream ${this.info.toString()} has no address`)
    for (const endpoint of endpointsOf(this.info)) {
      const attempt = { served: false }
      reason = await new Promise<DareplaneError>(resolve => {
        if (this.#closing.signal.aborted) return
        this.#events.connecting(endpoint)
        const options = {
          queueFrames: this.#options.queueFrames,
          decoder: this.#decoder,
        }
        this.#connection = new DataReceiver(this.info, endpoint, options, {
          opened: () => {
            attempt.served = true
            this.#lastArrival = localClock()
            this.#opened = true
            this.#changed()
          },
          arrived: () => {
            this.#lastArrival = localClock()
            this.#events.arrived()
          },
          ended: resolve,
        })
      })
      // Only what could not be reached is tried by its other address.
      if (attempt.served) break
    }
    return reason
  }

  async #succeed(): Promise<void> {
    const { signal } = this.#closing
    const before = this.info
    this.info = await findSuccessor(before, this.#config, signal)
    if (this.info.uid !== before.uid) this.#events.succeeded(this.info)
    else await delay(RETRY_MS, undefined, { ref: false, signal })
  }

  #lose(reason: DareplaneError): void {
    this.lost = reason
    clearInterval(this.#watchdog)
    this.#changed()
    this.#events.lost(reason)
  }

  /** A sender can move without a goodbye (a pulled cable): after long silence it is looked for. */
  #watch(): void {
    const { watchdogCheckIntervalS, watchdogTimeThresholdS } = this.#config
    let looking = false
    const look = async (): Promise<void> => {
      if (looking || !this.#opened || localClock() - this.#lastArrival < watchdogTimeThresholdS) return
      looking = true
      try {
        const found = await findSuccessor(this.info, this.#config, this.#closing.signal)
        // Its end makes the run look again, and find this one.
        if (found.uid !== this.info.uid) this.#connection?.abandon()
      } catch {
        // Closed meanwhile, or there in another shape, which the next connection will tell.
      } finally {
        looking = false
      }
    }
    this.#watchdog = setInterval(() => void look(), watchdogCheckIntervalS * 1000).unref()
  }

  /** Resolves at the next change of state, or after `limitS`. */
  #change(limitS: number): Promise<void> {
    return new Promise(resolve => {
      const timer = startTimer(limitS * 1000, resolve)
      this.#waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #changed(): void {
    this.#waiting.splice(0).forEach(wake => wake())
  }
}
