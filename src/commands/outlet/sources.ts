import type { NumericFormat, SampleArray } from '../../channel-format.js'
import { StreamInfo } from '../../lsl/stream-info.js'
import type { StreamOutlet } from '../../lsl/stream-outlet.js'
import type { XdfStream } from '../../xdf/read-xdf.js'
import { complain } from '../terminal/say.js'
import { bufferForAll, recordedInfo } from './recorded-info.js'
import { replay } from './replay.js'
import type { ReplayOptions } from './replay.js'
import { sendEeg, sendMarkers } from './send-synthetic.js'
import { SyntheticEeg } from './synthetic-eeg.js'

/** What `dareplane outlet` sends: streams to announce, and how to feed the outlets made for them. */
export interface Source {
  readonly streams: readonly {
    readonly info: StreamInfo
    readonly maxBufferedS?: number
    /** How many frames there are to send; undefined where there is no end. */
    readonly frames?: number
  }[]
  /** Feeds the outlets, in the order of `streams`, until done or aborted; resolves to the frames sent of each. */
  run(outlets: readonly StreamOutlet[], signal: AbortSignal): Promise<number[]>
}

/** The streams of a recording, paced as recorded. */
export function recordedSource(recorded: readonly XdfStream[], options: Omit<ReplayOptions, 'signal'>): Source {
  return {
    streams: recorded.map(stream => ({
      info: recordedInfo(stream),
      maxBufferedS: bufferForAll(stream),
      ...(options.loop !== true && { frames: stream.times.length }),
    })),
    run: (outlets, signal) => replay(recorded, outlets, { ...options, signal }),
  }
}

/** An EEG made up, in microvolts and with electrode names. */
export function eegSource(options: {
  readonly name: string
  readonly type: string
  readonly channels: number
  readonly rate: number
  readonly format: NumericFormat
  readonly chunk: number
  readonly seed: number
  readonly sourceId?: string
}): Source {
  const { name, type, channels, rate, format, chunk, seed, sourceId } = options
  const eeg = new SyntheticEeg({ channels, rate, format, seed })
  const info = new StreamInfo({
    name,
    type,
    channelCount: channels,
    nominalSrate: rate,
    channelFormat: format,
    channels: eeg.labels.map(label => ({ label, unit: 'microvolts', type: 'EEG' })),
    ...(sourceId !== undefined && { sourceId }),
  })
  return {
    streams: [{ info }],
    run: ([outlet], signal) =>
      one(outlet, async target => {
        const { sent, skipped } = await sendEeg(eeg, target, { rate, chunk, signal })
        if (skipped > 0) complain(`this process was held up: ${skipped} samples of '${name}' were skipped`)
        return sent
      }),
  }
}

/** Event markers made up, at irregular times. */
export function markerSource(options: {
  readonly name: string
  readonly type: string
  readonly channels: number
  readonly perSecond: number
  readonly seed: number
  readonly sourceId?: string
}): Source {
  const { name, type, channels, perSecond, seed, sourceId } = options
  const info = new StreamInfo({
    name,
    type,
    channelCount: channels,
    channelFormat: 'string',
    ...(sourceId !== undefined && { sourceId }),
  })
  return {
    streams: [{ info }],
    run: ([outlet], signal) => one(outlet, target => sendMarkers(target, { perSecond, channels, seed, signal })),
  }
}

/** Several sources side by side. */
export function together(sources: readonly Source[]): Source {
  return {
    streams: sources.flatMap(source => source.streams),
    async run(outlets, signal) {
      let next = 0
      const mine = sources.map(({ streams }) => outlets.slice(next, (next += streams.length)))
      return (await Promise.all(sources.map((source, i) => source.run(mine[i] ?? [], signal)))).flat()
    },
  }
}

interface Target {
  pushChunk(data: SampleArray, timestamp: number): void
  pushSample(values: string[], timestamp: number): void
}

async function one(outlet: StreamOutlet | undefined, send: (target: Target) => Promise<number>): Promise<number[]> {
  return outlet === undefined ? [] : [await send(outlet)]
}
