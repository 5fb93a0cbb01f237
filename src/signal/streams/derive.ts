import { createHistogram } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { callback, hertz, mustBe, nonEmpty, oneOf, options, required, text, whole } from '../../check.js'
import type { Check } from '../../check.js'
import { CHANNEL_FORMATS, allocateSamples, formatOf } from '../../channel-format.js'
import type { ChannelFormat, NumericFormat, SampleArray } from '../../channel-format.js'
import { checkValues } from '../../channel-values.js'
import { localClock } from '../../clock.js'
import type { RingHandle } from '../../ring/allocate-ring.js'
import { RingReader } from '../../ring/ring-reader.js'
import type { StopEvent } from '../../stop-event.js'
import { channelMetadata } from '../../lsl/check-metadata.js'
import { StreamInfo } from '../../lsl/stream-info.js'
import type { ChannelInfo } from '../../lsl/stream-info.js'
import { StreamOutlet } from '../../lsl/stream-outlet.js'
import { LocalClock } from './on-local-clock.js'
import { nameOf } from './source.js'

/** New samples of the input: a validated copy, valid until the next ones. */
export interface DeriveInput {
  /** Frames x channels, row-major. */
  readonly data: SampleArray
  /** On the LSL clock of this machine. */
  readonly times: Float64Array
  readonly frames: number
  readonly channels: number
  /** Samples that are missing just before these: a filter may want a reset(). */
  readonly lost: number
}

/**
 * What is sent for them: frames x channels of the outlet. As many samples as the input has are given its stamps; of fewer give the stamps
 * too. undefined or no samples send nothing.
 */
export type DeriveOutput =
  ArrayLike<number> | { readonly data: ArrayLike<number>; readonly times: Float64Array } | undefined

/** Where the output goes: a StreamOutlet, or what a test puts in its place. */
export interface DeriveTarget {
  readonly info: Pick<StreamInfo, 'channelCount' | 'channelFormat' | 'name'>
  /** Takes frames x channels, with a stamp for each. */
  pushChunk(data: SampleArray, timestamps: Float64Array): void
}

/** An outlet that {@link derive} makes for its output, and closes when it ends. */
export interface DeriveOutlet {
  readonly outlet: DerivedOutletOptions
}

/** What a derivation has read and sent, and how long that took. */
export interface DeriveStats {
  readonly framesIn: number
  readonly framesOut: number
  /** Samples of the input that were overwritten before they were read. */
  readonly lost: number
  /** What computing one chunk took, seconds. */
  readonly processingS: { readonly p50: number; readonly p99: number; readonly max: number }
  /** How old the newest sample of a chunk was when it was sent, seconds. */
  readonly ageS: { readonly p50: number; readonly p99: number; readonly max: number }
}

const deriveTarget = mustBe(
  'a StreamOutlet, { outlet: { name, channels } }, or an object with its info and pushChunk',
  (value): value is DeriveTarget => typeof (value as DeriveTarget | null | undefined)?.pushChunk === 'function',
)

/** A stop is heard after one of these. */
const LOOK_EVERY_MS = 10

/** Ring in, function, outlet out. Made by {@link derive}. */
export class Derivation {
  readonly #reader: RingReader
  readonly #clock: LocalClock
  readonly #into: SampleArray
  readonly #compute: (input: DeriveInput) => DeriveOutput
  readonly #target: DeriveTarget
  readonly #release: () => Promise<void>
  readonly #processing = createHistogram()
  readonly #age = createHistogram()
  readonly #times: Float64Array
  #buffer: SampleArray
  #framesIn = 0
  #framesOut = 0

  /** @internal */
  constructor(
    ring: RingHandle,
    compute: (input: DeriveInput) => DeriveOutput,
    target: DeriveTarget,
    release = (): Promise<void> => Promise.resolve(),
  ) {
    callback('compute', compute)
    deriveTarget('target', target)
    this.#reader = RingReader.attach(ring)
    const { format, frames, channels } = this.#reader
    if (format === 'string') throw new TypeError(`ring must be of a stream of numbers, ${nameOf(ring)} is of strings`)
    const { channelFormat, name } = target.info
    if (channelFormat === 'string') throw new TypeError(`outlet must be of numbers, '${name}' is of strings`)
    this.#clock = new LocalClock(ring)
    this.#into = allocateSamples(format, frames * channels)
    this.#times = new Float64Array(frames)
    this.#compute = compute
    this.#target = target
    this.#release = release
    this.#buffer = allocateSamples(channelFormat, 0)
  }

  /** Computes and sends until `stopEvent` is set, within 20 ms, or the ring is closed and all of it was sent. */
  async run(stopEvent: StopEvent): Promise<void> {
    try {
      while (!stopEvent.isSet) {
        const closed = this.#reader.closed
        if (!this.step() && closed) return
        // Not blocked: the built-in engine's outlet sends on this thread.
        await setImmediate()
        await this.#reader.waitAsync(LOOK_EVERY_MS)
      }
    } finally {
      await this.#release()
    }
  }

  /** Computes and sends what is new; answers whether there was anything. */
  step(): boolean {
    const { frames, channels, lost, data, times } = this.#reader.takeNew({ into: this.#into })
    if (frames === 0) return false
    const startS = localClock()
    const stamps = this.#clock.move(times, this.#times.subarray(0, frames))
    const output = this.#compute({ data: data, times: stamps, frames, channels, lost })
    const doneS = localClock()
    this.#processing.record(nanoseconds(doneS - startS))
    this.#framesIn += frames
    this.#send(output, stamps)
    return true
  }

  get stats(): DeriveStats {
    return {
      framesIn: this.#framesIn,
      framesOut: this.#framesOut,
      lost: this.#reader.lost,
      processingS: figures(this.#processing),
      ageS: figures(this.#age),
    }
  }

  #send(output: DeriveOutput, stamps: Float64Array): void {
    if (output === undefined) return
    const [values, times] = 'times' in output ? [output.data, output.times] : [output, stamps]
    const { channelCount, channelFormat, name } = this.#target.info
    if (values.length === 0) return
    if (values.length !== times.length * channelCount) {
      throw new RangeError(
        `compute must answer ${times.length} frames x ${channelCount} channels of '${name}', got ${values.length} values`,
      )
    }
    this.#target.pushChunk(this.#converted(values, channelFormat as NumericFormat), times)
    this.#framesOut += times.length
    this.#age.record(nanoseconds(localClock() - (times.at(-1) ?? NaN)))
  }

  /** Computed values as the target stores them: whole numbers are rounded, and refused where they would become others. */
  #converted(values: ArrayLike<number>, format: NumericFormat): SampleArray {
    if (this.#buffer.length < values.length) this.#buffer = allocateSamples(format, values.length)
    const part = this.#buffer.subarray(0, values.length)
    if (part instanceof Float32Array || part instanceof Float64Array || formatOf(values) === format) {
      ;(part as Float64Array).set(values)
      return part
    }
    const rounded = Array.from(values, value => Math.round(value))
    const stored = part instanceof BigInt64Array && rounded.every(Number.isFinite) ? rounded.map(BigInt) : rounded
    checkValues(format, stored, `values of '${this.#target.info.name}'`)
    ;(part as SampleArray as Float64Array).set(stored as number[])
    return part
  }
}

/** What a derived stream is called, and where it differs from its input. */
export interface DerivedOutletOptions {
  readonly name: string
  /** Default: the type of the input. */
  readonly type?: string
  /** Default: those of the input, with their labels and units. */
  readonly channels?: number | readonly ChannelInfo[]
  /** Default 'float32'. */
  readonly channelFormat?: Exclude<ChannelFormat, 'string'>
  /** Default: the rate of the input; 0 is irregular. */
  readonly nominalSrate?: number
  readonly sourceId?: string
}

const channelsOf: Check = (name, value) =>
  (typeof value === 'number' ? whole({ from: 1 }) : channelMetadata)(name, value)
const checked = options<DerivedOutletOptions>('derivedInfo', "derivedInfo(ring, { name: 'power' })", {
  name: required(nonEmpty),
  type: text,
  channels: channelsOf,
  channelFormat: oneOf(...CHANNEL_FORMATS.filter(format => format !== 'string')),
  nominalSrate: hertz,
  sourceId: text,
})

/** The description of an outlet that sends what is derived from `ring`: labels and units are passed on unless they are named. */
export function derivedInfo(ring: RingHandle, options: DerivedOutletOptions): StreamInfo {
  const { name, type, channels, channelFormat = 'float32', nominalSrate, sourceId } = checked(options)
  const reader = RingReader.attach(ring)
  const { stream } = reader
  const inherited = reader.channelNames.map((label, c) => ({
    label,
    unit: stream?.channelUnits[c] ?? '',
    type: stream?.channelTypes[c] ?? '',
  }))
  const count = typeof channels === 'number' ? channels : (channels ?? inherited).length
  const described = typeof channels === 'object' ? channels : count === inherited.length ? inherited : undefined
  return new StreamInfo({
    name,
    type: type ?? stream?.type ?? '',
    channelCount: count,
    channelFormat,
    nominalSrate: nominalSrate ?? reader.nominalSrate,
    ...(described && { channels: described }),
    ...(sourceId !== undefined && { sourceId }),
  })
}

/**
 * Ring in, function, outlet out, for a job: `compute` gets what is new, and what it answers is sent with the stamps of its input, on the LSL clock of
 * this machine. A gap of the input is a gap of the output. `await derivation.run(stopEvent)` ends within 20 ms of a stop.
 *
 * @param target - `{ outlet: { name: 'power', channels: 1 } }` makes an outlet and closes it in the end; or a StreamOutlet of
 *   your own, or a `JobOutlet`, which a recorder can see before the job starts and which stays when it ends.
 */
export function derive(
  ring: RingHandle,
  compute: (input: DeriveInput) => DeriveOutput,
  target: DeriveTarget | DeriveOutlet,
): Derivation {
  if (!hasOutlet(target)) return new Derivation(ring, compute, target)
  checkedOutlet(target)
  const outlet = new StreamOutlet(derivedInfo(ring, target.outlet))
  try {
    return new Derivation(ring, compute, outlet, () => outlet.close())
  } catch (error) {
    void outlet.close()
    throw error
  }
}

const hasOutlet = (target: DeriveTarget | DeriveOutlet): target is DeriveOutlet =>
  Object(target) === target && 'outlet' in target && !('pushChunk' in target)
const checkedOutlet = options<DeriveOutlet>('derive', "derive(ring, compute, { outlet: { name: 'power' } })", {
  outlet: required(
    mustBe('the options of an outlet', (value): value is object => typeof value === 'object' && value !== null),
  ),
})

function nanoseconds(seconds: number): number {
  return 1 + Math.max(0, Math.round(Math.min(seconds, 1e6) * 1e9) || 0)
}

function figures(histogram: ReturnType<typeof createHistogram>): DeriveStats['ageS'] {
  if (histogram.count === 0) return { p50: NaN, p99: NaN, max: NaN }
  const [p50, p99] = [histogram.percentile(50), histogram.percentile(99)]
  return { p50: (p50 - 1) / 1e9, p99: (p99 - 1) / 1e9, max: (histogram.max - 1) / 1e9 }
}
