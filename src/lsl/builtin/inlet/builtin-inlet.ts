import { localClock } from '../../../clock.js'
import { DareplaneError } from '../../../errors.js'
import type { EngineInlet, FrameSink, InletOptions, TimeCorrection, TimeMeasurement } from '../../engine.js'
import type { StreamInfo } from '../../stream-info.js'
import { ClockOffset } from '../clock/clock-offset.js'
import { ProcessedStamps } from '../clock/processed-stamps.js'
import { RAW_STAMPS } from '../clock/stamp-filter.js'
import type { LslConfig } from '../config/lsl-config.js'
import { endpointsOf } from '../net/endpoints.js'
import { fetchFullInfo } from './fetch-full-info.js'
import { FeedLink } from './feed-link.js'
import { intakeOf } from './intake.js'
import type { Intake } from './intake.js'
import { WaitingPull } from '../../waiting-pull.js'

/** An inlet on this thread's event loop, without a thread of its own. Samples are decoded where they are wanted, once. */
export class BuiltinInlet implements EngineInlet {
  readonly #options: InletOptions
  readonly #clock: ClockOffset
  readonly #intake: Intake
  readonly #link: FeedLink
  readonly #waiting = new WaitingPull()
  readonly #closed = new AbortController()

  constructor(info: StreamInfo, options: InletOptions, config: LslConfig) {
    const { clockSync, dejitter, monotonize } = options.processing
    this.#options = options
    this.#clock = new ClockOffset(config)
    const processed = new ProcessedStamps(options.processing, {
      nominalSrate: info.nominalSrate,
      halftimeS: config.smoothingHalftimeS,
      offset: () => this.#clock.current?.offsetS,
    })
    const filter = clockSync === true || dejitter === true || monotonize === true ? processed : RAW_STAMPS
    this.#intake = intakeOf(info, options.queueFrames, filter)
    this.#link = new FeedLink(info, config, options, this.#intake, {
      connecting: endpoint => this.#clock.start({ address: endpoint.address, port: endpoint.servicePort }),
      succeeded: () => processed.reset(),
      arrived: () => this.#arrived(),
      lost: reason => this.#waiting.fail(reason),
    })
  }

  async open(timeoutS: number): Promise<void> {
    const end = localClock() + timeoutS
    await this.#link.open(timeoutS)
    if (this.#options.processing.clockSync !== true) return
    // The first stamps would otherwise be in the other clock: the first probe is answered within a round trip.
    const left = Math.max(0, end - localClock())
    await Promise.race([this.#clock.known(), new Promise(resolve => setTimeout(resolve, left * 1000))])
  }

  async fullInfo(timeoutS: number): Promise<StreamInfo> {
    const { info } = this.#link
    const [endpoint] = endpointsOf(info)
    if (endpoint === undefined) throw new DareplaneError('ERR_STREAM_LOST', `stream ${info.toString()} has no address`)
    return fetchFullInfo(info, endpoint, timeoutS, this.#closed.signal)
  }

  pull(sink: FrameSink, waitMs: number): number | Promise<number> {
    if (this.#closed.signal.aborted) return 0
    const frames = this.#intake.pull(this.#link.buffer, sink)
    if (frames > 0) return frames
    if (this.#link.lost !== undefined) throw this.#link.lost
    return waitMs > 0 ? this.#waiting.wait(sink, waitMs) : 0
  }

  timeCorrection(): TimeCorrection | undefined {
    return this.#clock.current
  }

  timeMeasurements(): readonly TimeMeasurement[] {
    return [...this.#clock.history]
  }

  get dropped(): number {
    return this.#intake.dropped
  }

  samplesAvailable(): number {
    const { buffer } = this.#link
    return this.#intake.queued + (buffer === undefined ? 0 : this.#intake.count(buffer))
  }

  flush(): number {
    const { buffer } = this.#link
    if (buffer !== undefined) this.#intake.spill(buffer)
    return this.#intake.clear()
  }

  close(): Promise<void> {
    this.#closed.abort()
    this.#link.close()
    this.#clock.stop()
    this.#waiting.close()
    return Promise.resolve()
  }

  #arrived(): void {
    const { sink } = this.#waiting
    if (sink === undefined) return
    const frames = this.#intake.pull(this.#link.buffer, sink)
    if (frames > 0) this.#waiting.finish(frames)
  }
}
