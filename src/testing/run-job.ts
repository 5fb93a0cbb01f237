import { setImmediate } from 'node:timers/promises'
import { pino } from 'pino'
import { formatOf } from '../channel-format.js'
import type { SampleArray } from '../channel-format.js'
import { amount, anything, fields, list, mustBe, options, required, seconds, text, whole } from '../check.js'
import { stampCheck } from '../lsl/push-arguments.js'
import type { RingStream } from '../ring/allocate-ring.js'
import { RingBuffer } from '../ring/ring-buffer.js'
import { RingReader } from '../ring/ring-reader.js'
import type { Window, WindowData } from '../ring/window.js'
import { wholeFrames } from '../signal/check.js'
import { describeStream } from '../signal/jobs/define-job.js'
import type { DefinedJob, JobScope, JobStream } from '../signal/jobs/define-job.js'
import type { OutletWriter } from '../signal/jobs/outlet-writer.js'
import { StopEvent } from '../stop-event.js'

/** A signal as arrays. */
export interface ScriptedSignal {
  /** Frames x channels, row-major. */
  readonly data: SampleArray
  readonly channels: number
  readonly rateHz: number
  /** Default: regular from 1000 s on. */
  readonly times?: Float64Array
  readonly name?: string
  readonly channelNames?: readonly string[]
  readonly channelUnits?: readonly string[]
}

/** A marker, at its time in LSL clock seconds. */
export interface ScriptedMarker {
  readonly time: number
  readonly value: string
}

/** What a job is fed with. */
export interface RunJobOptions<Config> {
  /** The job's first stream. */
  readonly signal: ScriptedSignal
  /** Its second stream, of strings; there is none without. */
  readonly markers?: readonly ScriptedMarker[]
  readonly config?: Config
  /** Samples that come together. Default: 20 ms of them. */
  readonly chunk?: number
}

/** What a job pushed at once: frames x channels, and their stamps. */
export interface SentChunk {
  readonly data: readonly (number | string)[]
  readonly times: readonly number[]
}

/** What a job has done. */
export interface JobRun<Result> {
  /** What it pushed, by outlet, chunk by chunk. */
  readonly outlets: Readonly<Record<string, readonly SentChunk[]>>
  readonly results: readonly Result[]
  /** Its log records. */
  readonly logs: readonly Readonly<Record<string, unknown>>[]
}

const FIRST_S = 1000
const isSamples = (value: unknown): value is SampleArray => formatOf(value) !== undefined
const isTimes = (value: unknown): value is Float64Array => value instanceof Float64Array
const checked = options<RunJobOptions<unknown>>(
  'runJob',
  'runJob(job, { signal: { data, channels: 8, rateHz: 250 } })',
  {
    signal: required(
      fields<ScriptedSignal>({
        data: required(mustBe('a typed array of samples', isSamples)),
        channels: required(whole({ from: 1 })),
        rateHz: required(amount('Hz', { above: 0 })),
        times: mustBe('a Float64Array of LSL clock seconds', isTimes, times => times.every(time => time < Infinity)),
        name: text,
        channelNames: list(text),
        channelUnits: list(text),
      }),
    ),
    markers: list(fields<ScriptedMarker>({ time: required(stampCheck), value: required(text) })),
    config: anything,
    chunk: amount('samples', { from: 1 }, true),
  },
)
const period = seconds({ above: 0 })
const definedJob = mustBe(
  'a job, as defineJob() makes it',
  (value): value is DefinedJob<unknown, unknown> =>
    typeof (value as DefinedJob<unknown, unknown> | null | undefined)?.body === 'function',
)

/**
 * Feeds a job from arrays, chunk by chunk, in virtual time, and resolves with what it sent once it has ended: when all was fed it is
 * stopped. Without LSL, without threads, as fast as the job computes, and the same at every run.
 */
export async function runJob<Config, Result>(
  job: DefinedJob<Config, Result>,
  options: RunJobOptions<Config>,
): Promise<JobRun<Result>> {
  definedJob('job', job)
  const { signal, markers, config } = checked(options) as RunJobOptions<Config>
  const { data, channels, rateHz } = signal
  const total = wholeFrames('signal.data', data.length, channels)
  const { chunk = Math.max(1, Math.round(rateHz / 50)) } = options
  const times = signal.times ?? Float64Array.from({ length: total }, (_, i) => FIRST_S + i / rateHz)
  if (times.length !== total)
    throw new RangeError(`signal.times must be one for each of ${total} frames, got ${times.length}`)
  const signalRing = RingBuffer.allocate<WindowData>({
    frames: Math.max(1, total),
    channels,
    format: formatOf(data) ?? 'float32',
    nominalSrate: rateHz,
  })
  const markerRing = RingBuffer.allocate<WindowData>({
    frames: Math.max(1, markers?.length ?? 0),
    channels: 1,
    format: 'string',
  })
  const stopEvent = new StopEvent()

  let nowS = (times[0] ?? FIRST_S) - 1 / rateHz
  const periodic: { readonly seconds: number; readonly act: () => void; dueS: number }[] = []
  const advance = (toS: number): void => {
    for (;;) {
      const next = periodic.filter(({ dueS }) => dueS <= toS).sort((a, b) => a.dueS - b.dueS)[0]
      if (next === undefined) break
      nowS = next.dueS
      next.dueS += next.seconds
      next.act()
    }
    nowS = toS
  }
  let fed = 0
  let marked = 0
  /** The next chunk and the markers up to its end; false when all was fed. */
  const feed = (): boolean => {
    if (fed >= total) return false
    const to = Math.min(total, fed + chunk)
    advance(times[to - 1] ?? nowS)
    for (
      let next = markers?.[marked];
      next !== undefined && (next.time <= nowS || to === total);
      next = markers?.[++marked]
    ) {
      markerRing.addSamples([[next.value]], [next.time])
    }
    signalRing.addSamples(data.subarray(fed * channels, to * channels), times.subarray(fed, to))
    fed = to
    if (fed === total) {
      signalRing.close()
      markerRing.close()
    }
    return true
  }

  /** Whether the job asks for windows, and is fed by asking. */
  const asking = { isPulled: false }
  const streamOf = (ring: RingBuffer<WindowData>, stream: RingStream): JobStream => {
    const handle = { ...ring.share(), stream }
    const reader = RingReader.attach<WindowData>(handle)
    async function* windows(minFrames = 1): AsyncGenerator<Window<WindowData>> {
      asking.isPulled = true
      for (;;) {
        const waiting = reader.written() - reader.cursor
        if (waiting >= minFrames || (reader.closed && waiting > 0)) yield reader.takeNew(chunk)
        else if (!feed()) return
        await Promise.resolve()
      }
    }
    return describeStream(handle, reader, windows)
  }
  const description = { type: '', sourceId: '', hostname: '', channelTypes: [] }
  const streams = [
    streamOf(signalRing, {
      ...description,
      name: signal.name ?? 'signal',
      channelNames: signal.channelNames ?? Array.from({ length: channels }, (_, c) => `ch_${c + 1}`),
      channelUnits: signal.channelUnits ?? Array.from({ length: channels }, () => ''),
    }),
    ...(markers
      ? [streamOf(markerRing, { ...description, name: 'markers', channelNames: ['marker'], channelUnits: [''] })]
      : []),
  ]
  const [stream] = streams
  if (stream === undefined) throw new TypeError('signal must be given')

  const sent: Record<string, SentChunk[]> = {}
  const results: Result[] = []
  const logs: Record<string, unknown>[] = []
  const logger = pino(
    { level: 'debug' },
    { write: line => void logs.push(JSON.parse(line) as Record<string, unknown>) },
  )
  const scope: JobScope<Config, Result> = {
    stream,
    streams,
    outlets: scriptedOutlets(sent, () => nowS),
    config: config as Config,
    every: (periodS, act) => {
      period('seconds', periodS)
      periodic.push({ seconds: periodS, act, dueS: nowS + periodS })
    },
    stopEvent,
    logger,
    send: result => void results.push(structuredClone(result)),
    now: () => nowS,
  }
  const run = async (): Promise<boolean> => {
    await job.body(scope)
    return true
  }
  const ended = run()
  // A job that does not ask for windows, but reads its rings, is fed turn by turn.
  while (!(await Promise.race([ended, setImmediate<boolean>(false)]))) {
    if (!asking.isPulled && !feed()) stopEvent.set()
  }
  return { outlets: sent, results, logs }
}

/** Any name is an outlet: which there are is the module's to say. */
function scriptedOutlets(sent: Record<string, SentChunk[]>, now: () => number): JobScope<unknown, unknown>['outlets'] {
  const outlet = (name: string): Pick<OutletWriter, 'pushChunk' | 'pushSample'> => ({
    pushSample(values, timestamp = now()) {
      ;(sent[name] ??= []).push({ data: Array.from(values as ArrayLike<number | string>), times: [timestamp] })
    },
    pushChunk(data, timestamps) {
      const values = Array.from(data as ArrayLike<unknown>).flatMap(value =>
        typeof value === 'object' ? Array.from(value as ArrayLike<number | string>) : [value as number | string],
      )
      ;(sent[name] ??= []).push({ data: values, times: [...timestamps] })
    },
  })
  return new Proxy(
    {},
    {
      get: (_, name) => (typeof name === 'string' ? (outlet(name) as OutletWriter) : undefined),
    },
  )
}
