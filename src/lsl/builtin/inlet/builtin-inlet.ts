import { within } from '../../../system/within.js'
import { localClock } from '../../../clock.js'
import { DareplaneError } from '../../../errors.js'
import type {
  AdjustableInlet,
  FrameSink,
  InletOptions,
  Processing,
  TimeCorrection,
  TimeMeasurement,
} from '../../engine.js'
import type { StreamInfo } from '../../stream-info.js'
import { TimeReceiver } from '../clock/time-receiver.js'
import { TimePostprocessor } from '../clock/time-postprocessor.js'
import type { LslConfig } from '../config/lsl-config.js'
import { endpointsOf } from '../net/endpoints.js'
import { receiveFullInfo } from './info-receiver.js'
import { InletConnection } from './inlet-connection.js'
import { chooseSampleDecoder } from './choose-sample-decoder.js'
import type { SampleDecoder } from './sample-decoder.js'
import { PullWaiter } from '../../pull-waiter.js'

/** An inlet on this thread's event loop, without a thread of its own. Samples are decoded where they are wanted, once. */
export class BuiltinInlet implements AdjustableInlet {
  readonly #options: InletOptions
  readonly #clock: TimeReceiver
  readonly #stamps: TimePostprocessor
  readonly #decoder: SampleDecoder
  readonly #link: InletConnection
  readonly #waiter = new PullWaiter()
  readonly #closed = new AbortController()
  #clockReset = false

  constructor(info: StreamInfo, options: InletOptions, config: LslConfig) {
    this.#options = options
    this.#clock = new TimeReceiver(config)
    this.#stamps = new TimePostprocessor(options.processing, {
      nominalSrate: () => this.#link.info.nominalSrate,
      halftimeS: config.smoothingHalftimeS,
      offset: () => this.#clock.current?.offsetS,
    })
    this.#decoder = chooseSampleDecoder(info, options.queueFrames, this.#stamps)
    this.#link = new InletConnection(info, config, options, this.#decoder, {
      connecting: endpoint => this.#clock.start({ address: endpoint.address, port: endpoint.servicePort }),
      succeeded: () => {
        this.#clockReset = true
        this.#stamps.reset()
      },
      arrived: () => this.#waiter.wake(),
      lost: () => this.#waiter.wake(),
    })
  }

  async open(timeoutS: number): Promise<void> {
    const end = localClock() + timeoutS
    await this.#link.open(timeoutS)
    if (this.#options.processing.clockSync !== true) return
    // The first stamps would otherwise be in the other clock: the first probe is answered within a round trip.
    const left = Math.max(0, end - localClock())
    await within(left * 1000, this.#clock.known())
  }

  async fullInfo(timeoutS: number): Promise<StreamInfo> {
    const { info } = this.#link
    const [endpoint] = endpointsOf(info)
    if (endpoint === undefined) throw new DareplaneError('ERR_STREAM_LOST', `stream ${info.toString()} has no address`)
    return receiveFullInfo(info, endpoint, timeoutS, this.#closed.signal)
  }

  pull(sink: FrameSink, waitMs: number): number {
    if (this.#closed.signal.aborted) return 0
    // Who does not wait looks now and then: all that is there, and no more than the queue holds.
    if (waitMs === 0) this.#decoder.spill()
    const frames = this.#decoder.pull(sink)
    if (frames === 0 && this.#link.lost !== undefined) throw this.#link.lost
    return frames
  }

  wait(wake: () => void, waitMs: number): void {
    this.#waiter.wait(wake, waitMs)
  }

  setProcessing(processing: Processing): void {
    this.#stamps.set(processing)
  }

  timeCorrection(): TimeCorrection | undefined {
    if (this.#link.lost !== undefined) throw this.#link.lost
    return this.#clock.current
  }

  wasClockReset(): boolean {
    const was = this.#clockReset
    this.#clockReset = false
    return was
  }

  timeMeasurements(): readonly TimeMeasurement[] {
    return [...this.#clock.history]
  }

  get dropped(): number {
    return this.#decoder.dropped
  }

  samplesAvailable(): number {
    this.#decoder.spill()
    return this.#decoder.queued
  }

  flush(): number {
    this.#decoder.spill()
    return this.#decoder.clear()
  }

  close(): Promise<void> {
    this.#closed.abort()
    this.#link.close()
    this.#clock.stop()
    this.#waiter.close()
    return Promise.resolve()
  }
}
