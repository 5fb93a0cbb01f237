import { Command } from 'commander'
import { localClock } from '../clock.js'
import { DareplaneError } from '../errors.js'
import { StreamWatcher } from '../stream-watcher.js'
import type { WatcherEvents } from '../workers/watcher-api.js'
import { numberWithin, seconds } from './terminal/arguments.js'
import { EndOfRun } from './terminal/end-of-run.js'
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
  buffer: number
  timeout: number
}

const EVENTS = ['stalled', 'lost', 'recovered', 'incompatible', 'failed', 'lapped'] as const

/** `dareplane watch NAME`: one stream, live, until it is stopped. */
export function watchCommand(): Command {
  return new Command('watch')
    .description('show one LSL stream live: rate, age, latency, losses and values')
    .argument('<name>', 'stream name')
    .option('--type <type>', 'only a stream of this content type')
    .option('--source-id <id>', 'only the stream of this source')
    .option('--seconds <s>', 'stop after so long', seconds)
    .option('--json', 'print one JSON object a line')
    .option('--buffer <s>', 'seconds kept in memory, and shown', numberWithin({ min: 0.001, max: 3600 }), 2)
    .option('--timeout <s>', 'look for the stream so long', seconds, 5)
    .action(async (name: string, options: Options) => {
      using end = new EndOfRun()
      await using watcher = new StreamWatcher({ name, bufferSizeS: options.buffer })
      const { type, sourceId, timeout: timeoutS } = options
      const which = { name, ...(type !== undefined && { type }), ...(sourceId !== undefined && { sourceId }), timeoutS }
      if (await connectUnless(end.signal, watcher, which)) await watch(watcher, options, end)
    })
}

async function watch(watcher: StreamWatcher, { seconds, json }: Options, end: EndOfRun): Promise<void> {
  const output = outputFor(watcher, json)
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
  const startS = localClock()
  end.after(seconds)
  const reports = setInterval(() => output.report(observer.report()), output.everyS * 1000)
  try {
    for await (const window of watcher.windows({ signal: end.signal })) {
      observer.note(window)
      const { data, times } = window
      if (Array.isArray(data)) data.forEach((values, i) => output.marker(times[i] ?? NaN, values))
    }
  } finally {
    clearInterval(reports)
    output.end(observer.report(), localClock() - startS)
  }
  if (misfit.signal.aborted) {
    throw new DareplaneError('ERR_STREAM_LOST', `'${watcher.name}' came back with another shape; watch it again`)
  }
}

function outputFor(watcher: StreamWatcher, json = false): Output {
  if (json) return new JsonLines()
  return process.stdout.isTTY ? new LiveView(process.stdout, watcher) : new PlainLines()
}
