import { Command } from 'commander'
import { localClock } from '../clock.js'
import { DareplaneError } from '../errors.js'
import { findConfig } from '../lsl/builtin/config/load-config.js'
import type { WindowData } from '../ring/window.js'
import { StreamWatcher } from '../stream-watcher.js'
import type { WatcherEvents } from '../workers/watcher/watcher-api.js'
import { numberWithin, seconds } from './terminal/arguments.js'
import { EndOfRun } from './terminal/end-of-run.js'
import { Keys } from './terminal/keys.js'
import { chooseChannels } from './watch/choose-channels.js'
import { connectUnless } from './watch/connect-unless.js'
import { LiveView } from './watch/live-view.js'
import { Observer } from './watch/observer.js'
import { JsonLines, PlainLines } from './watch/output.js'
import type { Output } from './watch/output.js'

interface Options {
  type?: string
  sourceId?: string
  seconds?: number
  json?: true
  channels?: string
  buffer: number
  timeout: number
}

const EVENTS = ['stalled', 'lost', 'recovered', 'refused', 'ambiguous', 'incompatible', 'failed', 'lapped'] as const

/** `dareplane watch NAME`: one stream, live, until it is stopped. */
export function watchCommand(): Command {
  return new Command('watch')
    .description('show one LSL stream live: rate, age, latency, losses and values')
    .argument('<name>', 'stream name')
    .option('--type <type>', 'only a stream of this content type')
    .option('--source-id <id>', 'only the stream of this source')
    .option('--channels <list>', 'show only these channels, as 1,3-5,Cz')
    .option('--seconds <s>', 'stop after this many seconds', seconds)
    .option('--json', 'print one JSON object a line')
    .option('--buffer <s>', 'seconds kept in memory, and shown', numberWithin({ min: 0.001, max: 3600 }), 2)
    .option('--timeout <s>', 'how many seconds to look for the stream', seconds, 5)
    .action(async (name: string, options: Options) => {
      using end = new EndOfRun()
      await using watcher = new StreamWatcher<WindowData>({ name, bufferSizeS: options.buffer })
      const { type, sourceId, timeout: timeoutS } = options
      const which = { name, ...(type !== undefined && { type }), ...(sourceId !== undefined && { sourceId }), timeoutS }
      if (await connectUnless(end.signal, watcher, which)) await watch(watcher, options, end)
    })
}

async function watch(watcher: StreamWatcher<WindowData>, options: Options, end: EndOfRun): Promise<void> {
  const output = outputFor(watcher, options)
  using _keys = new Keys(key => {
    if (key === 'q') end.now()
    else if (output instanceof LiveView) output.key(key)
  })
  const observer = new Observer(watcher)
  const misfit = new AbortController()
  for (const event of EVENTS) {
    watcher.on(event, (detail: WatcherEvents[typeof event][0]) => {
      output.event(event, detail)
      if (event !== 'incompatible') return
      misfit.abort()
      void watcher.disconnect()
    })
  }
  output.begin(watcher.info)
  const { fault } = findConfig()
  if (fault !== undefined) output.warning(fault)
  for (const text of watcher.info.unread) output.warning(`of the description, ${text}`)
  const startS = localClock()
  end.after(options.seconds)
  const reports = setInterval(() => output.report(observer.report()), output.everyS * 1000)
  try {
    for await (const window of watcher.windows({ signal: end.signal })) {
      observer.note(window)
      const { data, times } = window
      const offsetS = watcher.stats.timeCorrection?.offsetS ?? 0
      if (Array.isArray(data)) data.forEach((values, i) => output.marker(times[i] ?? NaN, offsetS, values))
    }
  } finally {
    clearInterval(reports)
    output.end(observer.report(), localClock() - startS)
  }
  if (misfit.signal.aborted) {
    throw new DareplaneError('ERR_STREAM_LOST', `'${watcher.name}' came back with another shape; watch it again`)
  }
}

function outputFor(watcher: StreamWatcher<WindowData>, { json, channels: list }: Options): Output {
  const channels = chooseChannels(list, watcher.info.channelNames)
  if (json) return new JsonLines()
  if (!process.stdout.isTTY) return new PlainLines(channels)
  return new LiveView(process.stdout, watcher, { channels, hasKeys: process.stdin.isTTY })
}
