import { DareplaneError } from '../../errors.js'
import { localClock } from '../../clock.js'
import type {
  AdjustableInlet,
  FrameSink,
  InletOptions,
  Processing,
  TimeCorrection,
  TimeMeasurement,
} from '../engine.js'
import { locateLimits, notLocated } from '../search/locate.js'
import { inletSamples, inletSeconds } from '../queue-sizes.js'
import type { StreamInfo } from '../stream-info.js'
import { addressOf, ErrorCell } from './error-cell.js'
import type { FoundHandles } from './found-handles.js'
import { takeInfo } from './info-handle.js'
import type { Library } from './library.js'
import { NumericPull } from './numeric-pull.js'
import type { Handle } from './prototypes.js'
import { resolveHandles } from './resolver.js'
import type { SearchTimes } from './search-times.js'
import { StringPull } from './string-pull.js'

/** No call into C takes longer: a stop is then always heard, and terminate() never waits long. */
const LONGEST_CALL_S = 0.1
const BUFFER_IN_SAMPLES = 1 // transport flag of lsl_create_inlet_ex
/**
 * All that an inlet calls between its first pull and its end. They are bound when it is made: koffi throws while it binds,
 * for a symbol that is missing as well as for a thread that is being terminated, and the second aborts the process.
 */
const BOUND_AT_ONCE = [
  'lsl_time_correction_ex',
  'lsl_time_correction',
  'lsl_was_clock_reset',
  'lsl_samples_available',
  'lsl_inlet_flush',
  'lsl_destroy_inlet',
] as const
const CLOCK_SYNC = 1
const DEJITTER = 2
const MONOTONIZE = 4

function createNative(library: Library, stream: Handle, info: StreamInfo, options: InletOptions): Handle {
  const recover = options.recover && info.sourceId !== '' ? 1 : 0
  const inlet = library.has('lsl_create_inlet_ex')
    ? library.fn('lsl_create_inlet_ex')(stream, inletSamples(options.queueFrames), 0, recover, BUFFER_IN_SAMPLES)
    : library.fn('lsl_create_inlet')(stream, inletSeconds(options.queueFrames, info.nominalSrate), 0, recover)
  if (inlet === null) throw new DareplaneError('ERR_LIBLSL', `liblsl makes no inlet on ${info.toString()}`)
  return inlet
}

/** An inlet of the C library. Everything but the waiting happens on the thread that made it. */
export class LiblslInlet implements AdjustableInlet {
  readonly #library: Library
  readonly #inlet: Handle
  readonly #info: StreamInfo
  readonly #ec = new ErrorCell()
  readonly #uncertainty = new Float64Array(2)
  readonly #uncertaintyAt = addressOf(this.#uncertainty)
  #processing: Processing = {}
  #sink: FrameSink | undefined
  #pull: NumericPull | StringPull | undefined
  #closing: Promise<void> | undefined
  /** Calls on the thread pool that still use the inlet: it must not be destroyed under them. */
  #pending: Promise<unknown> = Promise.resolve()

  private constructor(library: Library, inlet: Handle, info: StreamInfo) {
    this.#library = library
    this.#inlet = inlet
    this.#info = info
  }

  /** On the outlet of `info` as it was `found`, or finds it again by uid; rejects with ERR_STREAM_LOST. */
  static async create(
    library: Library,
    found: FoundHandles,
    info: StreamInfo,
    { times, ...options }: InletOptions & { readonly times: SearchTimes },
  ): Promise<LiblslInlet> {
    BOUND_AT_ONCE.forEach(name => library.has(name))
    // Asked for before there is an inlet to lose: a library without it is refused here.
    if (flagsOf(options.processing) !== 0 || options.processing.halftimeS !== undefined)
      library.fn('lsl_set_postprocessing')
    const create = (handle: Handle): Handle => createNative(library, handle, info, options)
    const inlet =
      found.take(info.uid, create) ??
      (await resolveHandles(library, `uid='${info.uid}'`, { ...locateLimits(options), times }, create))[0]
    if (inlet === undefined) throw notLocated(info, options)
    const made = new LiblslInlet(library, inlet, info)
    made.setProcessing(options.processing)
    return made
  }

  async open(timeoutS: number): Promise<void> {
    const end = localClock() + timeoutS
    // Every pull_chunk asks for the full description without a time limit: it has to be known before the first.
    await this.fullInfo(timeoutS)
    await this.#until({ end, timeoutS }, 'lsl_open_stream', () => true)
  }

  async fullInfo(timeoutS: number): Promise<StreamInfo> {
    const limit = { end: localClock() + timeoutS, timeoutS }
    const handle = await this.#until(limit, 'lsl_get_fullinfo', result => typeof result === 'bigint')
    return takeInfo(this.#library, handle as Handle)
  }

  pull(sink: FrameSink, waitMs: number): number {
    if (this.#closing !== undefined) return 0
    const frames = this.#pullInto(sink).pull(Math.min(waitMs / 1000, LONGEST_CALL_S))
    if (frames === 0) this.#ec.check(this.#info.toString())
    return frames
  }

  setProcessing(changes: Processing): void {
    if (this.#closing !== undefined) return
    const before = this.#processing
    const now = { ...before, ...changes }
    const flags = flagsOf(now)
    const set = (value: number): number => this.#library.fn('lsl_set_postprocessing')(this.#inlet, value)
    if (now.halftimeS !== undefined && now.halftimeS !== before.halftimeS) {
      // liblsl takes it for a new line only, which begins where dejitter was off before.
      set(flags & ~DEJITTER)
      this.#library.fn('lsl_smoothing_halftime')(this.#inlet, now.halftimeS)
      set(flags)
    } else if (flags !== flagsOf(before)) set(flags)
    this.#processing = now
  }

  timeCorrection(): TimeCorrection | undefined {
    if (this.#closing !== undefined) return undefined
    const ec = this.#ec
    ec.clear()
    const uncertaintyAt = this.#uncertaintyAt + Float64Array.BYTES_PER_ELEMENT
    const known = this.#library.has('lsl_time_correction_ex')
    const offsetS = known
      ? this.#library.fn('lsl_time_correction_ex')(this.#inlet, this.#uncertaintyAt, uncertaintyAt, 0, ec.address)
      : this.#library.fn('lsl_time_correction')(this.#inlet, 0, ec.address)
    if (ec.timedOut) return undefined
    ec.check(this.#info.toString())
    return { offsetS, uncertaintyS: known ? (this.#uncertainty[1] ?? NaN) : NaN }
  }

  wasClockReset(): boolean {
    return this.#closing === undefined && this.#library.fn('lsl_was_clock_reset')(this.#inlet) !== 0
  }

  timeMeasurements(): readonly TimeMeasurement[] {
    return []
  }

  get dropped(): undefined {
    return undefined
  }

  samplesAvailable(): number {
    return this.#closing === undefined ? this.#library.fn('lsl_samples_available')(this.#inlet) : 0
  }

  flush(): number {
    return this.#closing === undefined ? this.#library.fn('lsl_inlet_flush')(this.#inlet) : 0
  }

  close({ blocking = false } = {}): Promise<void> {
    this.#closing ??= this.#pending.then(() => {
      if (blocking) this.#library.fn('lsl_destroy_inlet')(this.#inlet)
      else return this.#library.call('lsl_destroy_inlet', this.#inlet)
    })
    return this.#closing
  }

  #pullInto(sink: FrameSink): NumericPull | StringPull {
    if (this.#sink !== sink || this.#pull === undefined) {
      this.#pull = this.#bind(sink)
      this.#sink = sink
    }
    return this.#pull
  }

  #bind(sink: FrameSink): NumericPull | StringPull {
    const { channelFormat } = this.#info
    if ('put' in sink) return new StringPull(this.#library, this.#inlet, sink, this.#ec)
    if (channelFormat === 'string') throw new TypeError('a string stream needs a sink for strings')
    return new NumericPull(this.#library, this.#inlet, channelFormat, sink, this.#ec)
  }

  /** Repeats a blocking C call on the thread pool, in short slices, until it has succeeded. */
  async #until(
    { end, timeoutS }: { readonly end: number; readonly timeoutS: number },
    name: 'lsl_open_stream' | 'lsl_get_fullinfo',
    succeeded: (result: unknown) => boolean,
  ): Promise<unknown> {
    const ec = new ErrorCell()
    do {
      if (this.#closing !== undefined) throw new DareplaneError('ERR_CLOSED', 'the inlet was closed')
      const slice = Math.max(0, Math.min(LONGEST_CALL_S, end - localClock()))
      ec.clear()
      const call = this.#library.call(name, this.#inlet, slice, ec.address)
      this.#pending = call
      const result = await call
      ec.check(this.#info.toString())
      if (!ec.timedOut && succeeded(result)) return result
    } while (localClock() < end)
    throw new DareplaneError('ERR_TIMEOUT', `stream ${this.#info.toString()} did not answer within ${timeoutS} s`)
  }
}

function flagsOf({ clockSync, dejitter, monotonize }: Processing): number {
  return (
    (clockSync === true ? CLOCK_SYNC : 0) | (dejitter === true ? DEJITTER : 0) | (monotonize === true ? MONOTONIZE : 0)
  )
}
