import { BroadcastChannel } from 'node:worker_threads'
import type { Logger } from 'pino'
import { callback } from '../../check.js'
import { localClock } from '../../clock.js'
import type { RingHandle } from '../../ring/allocate-ring.js'
import { RingReader } from '../../ring/ring-reader.js'
import { ringWindows } from '../../ring/ring-windows.js'
import type { RingWindowsOptions } from '../../ring/ring-windows.js'
import type { Window, WindowData } from '../../ring/window.js'
import type { StopEvent } from '../../stop-event.js'
import type { JobContext, JobModule } from '../../workers/jobs/job.js'
import type { SharedOutlet } from './job-outlet.js'
import { OutletWriter } from './outlet-writer.js'
import { startEvery } from './start-every.js'

/** A stream as a job reads it. */
export interface JobStream {
  readonly name: string
  readonly channelNames: readonly string[]
  /** '' where the stream gives none. */
  readonly channelUnits: readonly string[]
  readonly channels: number
  /** Hz; 0 is irregular. */
  readonly rateHz: number
  /** For derive(), epochs(), align() and onLocalClock(). */
  readonly ring: RingHandle
  readonly reader: RingReader<WindowData>
  /** Every sample from the start of the job on, as it comes, as validated copies, each valid until the next. Ends with a stop. */
  windows(options?: Pick<RingWindowsOptions, 'minFrames'>): AsyncIterable<Window>
  /** The same of a stream of strings: rows. */
  markers(): AsyncIterable<Window<string[][]>>
}

/** What a job gets. */
export interface JobScope<Config, Result> {
  /** The first of the streams. */
  readonly stream: JobStream
  readonly streams: readonly JobStream[]
  /** The outlets that the module has declared, by name. */
  readonly outlets: Readonly<Record<string, OutletWriter>>
  readonly config: Config
  /** Calls `act` every so many seconds until the job ends, on a schedule that does not drift; what it throws ends the job. */
  readonly every: (seconds: number, act: () => void) => void
  readonly stopEvent: StopEvent
  readonly logger: Logger
  /** Gives a result to the module: see startJob({ onResult }). Whatever structured clone can carry. */
  readonly send: (result: Result) => void
  /** LSL clock seconds; of the test kit, its virtual time. */
  readonly now: () => number
}

/** What a job does with what it gets; it ends when this returns, or when its promise is settled. */
export type JobBody<Config, Result> = (scope: JobScope<Config, Result>) => unknown

/** A job module's default export, as {@link defineJob} makes it. */
export interface DefinedJob<Config, Result> extends JobModule {
  /** What the job does; the test kit calls it without a thread. */
  readonly body: JobBody<Config, Result>
}

/** The kwargs of a defined job. */
export interface DefinedJobKwargs {
  readonly config: unknown
  readonly outlets: Readonly<Record<string, SharedOutlet>>
  /** The name of the channel for results. */
  readonly results: string
}

/** Makes the default export of a job file from a function of streams, outlets and configuration. Start it with {@link startJob}. */
export function defineJob<Config = Record<string, unknown>, Result = unknown>(
  body: JobBody<Config, Result>,
): DefinedJob<Config, Result> {
  callback('body', body)
  const run = async ({ kwargs, rings, stopEvent, logger }: JobContext): Promise<void> => {
    const { config, outlets, results } = kwargs as unknown as DefinedJobKwargs
    const stopped = new AbortController()
    void stopEvent.waitAsync().then(() => stopped.abort())
    const streams = rings.map(ring => jobStream(ring, stopped.signal))
    const [stream] = streams
    if (stream === undefined) throw new TypeError('streams must hold at least one stream for a defined job')
    const channel = new BroadcastChannel(results)
    let fail: (error: unknown) => void = () => undefined
    const failed = new Promise<never>((_, reject) => (fail = reject))
    failed.catch(() => undefined)
    const timers: (() => void)[] = []
    try {
      const scope: JobScope<Config, Result> = {
        stream,
        streams,
        outlets: Object.fromEntries(Object.entries(outlets).map(([name, outlet]) => [name, new OutletWriter(outlet)])),
        config: config as Config,
        every: (seconds, act) => void timers.push(startEvery(seconds, act, fail)),
        stopEvent,
        logger,
        send: result => channel.postMessage(result),
        now: localClock,
      }
      await Promise.race([Promise.resolve(body(scope)), failed])
    } finally {
      for (const end of timers) end()
      channel.close()
    }
  }
  return Object.assign(run as JobModule, { body })
}

function jobStream(ring: RingHandle, signal: AbortSignal): JobStream {
  const reader = RingReader.attach<WindowData>(ring)
  return describeStream(ring, reader, minFrames =>
    ringWindows(reader, { signal, copy: true, ...(minFrames !== undefined && { minFrames }) }),
  )
}

/** A stream around the way in which its windows come. */
export function describeStream(
  ring: RingHandle,
  reader: RingReader<WindowData>,
  windows: (minFrames?: number) => AsyncIterable<Window<WindowData>>,
): JobStream {
  const { channels, nominalSrate, channelNames, stream } = reader
  return {
    name: stream?.name ?? '',
    channelNames,
    channelUnits: stream?.channelUnits ?? Array.from({ length: channels }, () => ''),
    channels,
    rateHz: nominalSrate,
    ring,
    reader,
    windows: ({ minFrames } = {}) => windows(minFrames) as AsyncIterable<Window>,
    markers: () => windows() as AsyncIterable<Window<string[][]>>,
  }
}
