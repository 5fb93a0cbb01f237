import { Command, Option } from 'commander'
import type { ChannelFormat } from '../channel-format.js'
import { localClock } from '../clock.js'
import { DareplaneError } from '../errors.js'
import { StreamOutlet } from '../lsl/stream-outlet.js'
import { readXdf } from '../xdf/read-xdf.js'
import { AS_RECORDED } from '../xdf/stamps/stamp-correction.js'
import { allConsumersLeft, allHaveConsumers } from './outlet/consumers.js'
import { eegSource, markerSource, recordedSource, together } from './outlet/sources.js'
import type { Source } from './outlet/sources.js'
import { channelFormat, integerWithin, numberWithin, seconds } from './terminal/arguments.js'
import { EndOfRun } from './terminal/end-of-run.js'
import { complain, say } from './terminal/say.js'

interface Options {
  name: string
  type?: string
  channels: number
  rate?: number
  format: ChannelFormat
  chunk?: number
  sourceId?: string
  seed: number
  markers?: number | true
  xdf?: string
  speed: number
  stamps: 'original' | 'now'
  stream?: string[]
  loop: boolean
  seconds?: number
  waitConsumers: number
  linger: number
}

const LINGER_AFTER_ABORT_S = 0.25
const SYNTHETIC = ['name', 'type', 'channels', 'rate', 'format', 'chunk', 'sourceId', 'seed', 'markers']
const RECORDED = ['speed', 'stamps', 'stream', 'loop']

const collect = (name: string, names?: string[]): string[] => [...(names ?? []), name]

/** `dareplane outlet`: sends a made-up EEG, or the streams of a recording, until it is stopped or done. */
export function outletCommand(): Command {
  return new Command('outlet')
    .description('send a synthetic EEG, or replay a recording, over LSL')
    .option('--name <name>', 'stream name', 'dareplane-eeg')
    .option('--type <type>', 'content type (default: EEG, or Markers for strings)')
    .option('--channels <n>', 'number of channels', integerWithin({ min: 1, max: 10_000 }), 8)
    .option('--rate <hz>', 'sampling rate (default: 250; 1 for strings)', numberWithin({ min: 1e-3, max: 1e6 }))
    .option('--format <format>', 'channel format; string sends markers', channelFormat, 'float32')
    .option(
      '--chunk <samples>',
      'samples that are sent together (default: 20 ms of them)',
      integerWithin({ min: 1, max: 1e6 }),
    )
    .option('--source-id <id>', 'source id, by which a restarted stream is recognised')
    .option('--seed <n>', 'seed of the random signal', integerWithin({ min: 0, max: 2 ** 32 - 1 }), 1)
    .option('--markers [per-second]', 'send a marker stream NAME-markers too', numberWithin({ min: 1e-3, max: 1e4 }))
    .addOption(new Option('--xdf <file>', 'replay the streams of this recording').conflicts(SYNTHETIC))
    .option('--speed <factor>', 'recorded seconds per second', numberWithin({ min: 1e-3, max: 1e6 }), 1)
    .addOption(new Option('--stamps <which>', 'stamps of the replay').choices(['original', 'now']).default('now'))
    .option('--stream <name>', 'replay only this stream; may be given again', collect)
    .option('--loop', 'start the recording again at its end', false)
    .option('--seconds <s>', 'stop after this many seconds', seconds)
    .option('--wait-consumers <s>', 'how many seconds to wait until someone listens to every stream', seconds, 0)
    .option('--linger <s>', 'how many seconds to stay after the last sample, for slow listeners to get it', seconds, 2)
    .action(async (options: Options, command: Command) => {
      if (options.xdf === undefined) {
        const misplaced = RECORDED.find(name => command.getOptionValueSource(name) === 'cli')
        if (misplaced !== undefined) command.error(`error: option '--${misplaced}' needs '--xdf <file>'`)
      }
      await send(options.xdf === undefined ? synthetic(options) : await recorded(options.xdf, options), options)
    })
}

async function send(source: Source, { seconds, waitConsumers, linger }: Options): Promise<void> {
  const outlets: StreamOutlet[] = []
  try {
    for (const { info, maxBufferedS } of source.streams) {
      outlets.push(new StreamOutlet(info, maxBufferedS === undefined ? {} : { maxBufferedS }))
    }
    say(`ready ${outlets.map(({ info }) => info.toString()).join('; ')}`)
    using end = new EndOfRun()
    if (waitConsumers > 0 && !(await allHaveConsumers(outlets, waitConsumers, end.signal))) {
      const unheard = outlets.filter(outlet => !outlet.haveConsumers).map(({ info }) => `'${info.name}'`)
      say(`nobody listens to ${unheard.join(', ')}`)
    }
    end.after(seconds)
    const startS = localClock()
    const frames = await source.run(outlets, end.signal)
    const sent = outlets.map(({ info }, s) => {
      const [of, count] = [source.streams[s]?.frames, frames[s] ?? 0]
      return `${of === undefined || of === count ? count : `${count} of ${of}`} samples of '${info.name}'`
    })
    say(`sent ${sent.join(', ')} in ${(localClock() - startS).toFixed(1)} s`)
    // liblsl notices that a listener left only when it next sends: for most this is the whole time. After a Ctrl-C just
    // long enough for what was sent last to leave this machine.
    if (end.signal.aborted) await allConsumersLeft(outlets, Math.min(linger, LINGER_AFTER_ABORT_S))
    else await allConsumersLeft(outlets, linger, end.signal)
  } finally {
    await Promise.all(outlets.map(outlet => outlet.close()))
  }
}

async function recorded(file: string, { stream: names, speed, stamps, loop }: Options): Promise<Source> {
  const streams = await readXdf(file, { ...AS_RECORDED, onDamage: complain })
  const missing = names?.find(name => !streams.some(stream => stream.name === name))
  if (missing !== undefined) {
    const held = streams.map(({ name }) => `'${name}'`).join(', ')
    throw new DareplaneError('ERR_STREAM_NOT_FOUND', `${file} holds no stream '${missing}', only ${held}`)
  }
  const wanted = streams.filter(({ name }) => names?.includes(name) ?? true)
  return recordedSource(wanted, { speed, stamps, loop })
}

function synthetic(options: Options): Source {
  const { name, channels, format, seed, sourceId, markers } = options
  const { rate = format === 'string' ? 1 : 250, chunk = Math.ceil(rate / 50) } = options
  const id = sourceId === undefined ? {} : { sourceId }
  if (format === 'string')
    return markerSource({ name, type: options.type ?? 'Markers', channels, perSecond: rate, seed, ...id })
  const eeg = eegSource({ name, type: options.type ?? 'EEG', channels, rate, format, chunk, seed, ...id })
  if (markers === undefined) return eeg
  const perSecond = markers === true ? 1 : markers
  return together([eeg, markerSource({ name: `${name}-markers`, type: 'Markers', channels: 1, perSecond, seed })])
}
