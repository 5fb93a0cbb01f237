import type { Socket } from 'node:dgram'
import { localClock } from '../../../clock.js'
import type { TimeMeasurement } from '../../engine.js'
import type { LslConfig } from '../config/lsl-config.js'
import { bindUdp } from '../net/bind-in-range.js'
import { familyOf } from '../net/interfaces.js'

/** Measurements that are kept. */
const HISTORY = 128

export interface TimeEndpoint {
  readonly address: string
  readonly port: number
}

/**
 * Measures how far an outlet's clock is from this host's, in waves of UDP probes of which the fastest counts, from the
 * moment of connecting. Does not keep the process alive.
 */
export class TimeReceiver {
  /** The best of each whole wave since the start, oldest first. */
  history: TimeMeasurement[] = []
  readonly #config: LslConfig
  #current: TimeMeasurement | undefined
  #best: TimeMeasurement | undefined
  #answers = 0
  #wave = 0
  #socket: Socket | undefined
  #timer: NodeJS.Timeout | undefined
  #run = 0
  #waiting: (() => void)[] = []

  constructor(config: LslConfig) {
    this.#config = config
  }

  /** The estimate of the moment: of the last whole wave, or of the first answers. */
  get current(): TimeMeasurement | undefined {
    return this.#current
  }

  /** Forgets what it knew, and measures against `endpoint` from now on. */
  start(endpoint: TimeEndpoint): void {
    this.stop()
    this.#current = undefined
    this.history = []
    // Nobody answers there.
    if (endpoint.port === 0) return
    const run = this.#run
    bindUdp(familyOf(endpoint.address), { port: 0 }).then(
      socket => {
        if (run !== this.#run) {
          socket.close()
          return
        }
        this.#socket = socket
        socket.on('message', message => this.#hear(message))
        this.#probeWave(run, socket, endpoint)
      },
      // No socket of that IP version: then there is no estimate, which timeCorrection() says.
      () => undefined,
    )
  }

  stop(): void {
    this.#run++
    clearTimeout(this.#timer)
    this.#socket?.close()
    this.#socket = undefined
  }

  /** Resolves at the first estimate. */
  known(): Promise<void> {
    if (this.#current !== undefined) return Promise.resolve()
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  #probeWave(run: number, socket: Socket, endpoint: TimeEndpoint): void {
    const { timeProbeCount, timeProbeIntervalS, timeProbeMaxRttS, timeUpdateIntervalS } = this.#config
    this.#wave++
    this.#best = undefined
    this.#answers = 0
    let sent = 0
    const later = (delayS: number, what: () => void): void => {
      this.#timer = setTimeout(what, delayS * 1000).unref()
    }
    const probe = (): void => {
      if (run !== this.#run) return
      socket.send(this.#question(), endpoint.port, endpoint.address, () => undefined)
      sent++
      if (sent < timeProbeCount) later(timeProbeIntervalS, probe)
      else later(timeProbeMaxRttS, close)
    }
    const close = (): void => {
      if (run !== this.#run) return
      this.#closeWave()
      const took = timeProbeCount * timeProbeIntervalS + timeProbeMaxRttS
      later(Math.max(0.001, timeUpdateIntervalS - took), () => this.#probeWave(run, socket, endpoint))
    }
    probe()
  }

  #question(): string {
    return `LSL:timedata\r\n${this.#wave} ${localClock().toPrecision(16)}\r\n`
  }

  #hear(message: Buffer): void {
    const arrived = localClock()
    const [wave = NaN, sent = NaN, heard = NaN, answered = NaN] = message
      .toString('latin1')
      .trim()
      .split(/\s+/)
      .map(Number)
    const uncertaintyS = arrived - sent - (answered - heard)
    // Answers of an earlier wave, and what is no answer, are not counted; the clocks' steps make a round trip below 0.
    if (wave !== this.#wave || !(uncertaintyS > -1e-3) || !Number.isFinite(heard)) return
    this.#answers++
    if (this.#best !== undefined && this.#best.uncertaintyS <= uncertaintyS) return
    const offsetS = -(heard - sent + (answered - arrived)) / 2
    this.#best = { offsetS, uncertaintyS: Math.max(0, uncertaintyS), at: arrived }
    // Before the first wave is whole, its best answer so far is better than none.
    if (this.history.length > 0 && this.#current !== undefined) return
    this.#current = this.#best
    this.#waiting.splice(0).forEach(resolve => resolve())
  }

  #closeWave(): void {
    const enough = Math.min(this.#config.timeUpdateMinProbes, this.#config.timeProbeCount)
    if (this.#best === undefined || this.#answers < enough) return
    this.#current = this.#best
    this.history.push(this.#best)
    if (this.history.length > HISTORY) this.history.shift()
  }
}
