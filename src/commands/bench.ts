import { Command } from 'commander'
import type { WindowData } from '../ring/window.js'
import { StreamWatcher } from '../stream-watcher.js'
import { ProcessProfile } from './bench/process-profile.js'
import { processLines, streamLines } from './bench/report-lines.js'
import { StreamProfile } from './bench/stream-profile.js'
import { processVerdict, streamVerdict } from './bench/verdict.js'
import { numberWithin, seconds } from './terminal/arguments.js'
import { EndOfRun } from './terminal/end-of-run.js'
import { say, sayJson } from './terminal/say.js'
import { connectUnless } from './watch/connect-unless.js'

interface Options {
  stream: string[]
  seconds: number
  timeout: number
  json?: true
}

/** `dareplane bench --stream NAME`: how well this machine receives one's own streams. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('profile your own LSL streams on this machine: rate, jitter, latency, losses, cost; and what it means')
    .requiredOption('--stream <name...>', 'the streams to receive, all at once')
    .option('--seconds <s>', 'measure for this many seconds', numberWithin({ min: 0.1, max: 86_400 }), 10)
    .option('--timeout <s>', 'how many seconds to look for the streams', seconds, 5)
    .option('--json', 'print a JSON object')
    .action(async (options: Options) => {
      using end = new EndOfRun()
      const watchers = options.stream.map(name => new StreamWatcher<WindowData>({ name }))
      try {
        const timeoutS = options.timeout
        const connected = await Promise.all(watchers.map(each => connectUnless(end.signal, each, { timeoutS })))
        if (connected.every(Boolean)) await profile(watchers, options, end)
      } finally {
        await Promise.all(watchers.map(watcher => watcher.disconnect()))
      }
    })
}

async function profile(
  watchers: readonly StreamWatcher<WindowData>[],
  { seconds, json }: Options,
  end: EndOfRun,
): Promise<void> {
  if (!json) say(`measuring ${seconds} s; Ctrl-C ends it earlier`)
  using process = new ProcessProfile()
  const profiles = watchers.map(watcher => new StreamProfile(watcher))
  end.after(seconds)
  await Promise.all(watchers.map((watcher, i) => follow(watcher, profiles[i], end.signal)))

  const streams = watchers.map(({ info }, i) => ({ info, figures: profiles[i]?.figures() }))
  const whole = process.figures()
  const found = streams.flatMap(({ info, figures }) =>
    figures === undefined ? [] : [{ info, figures, verdict: streamVerdict(figures) }],
  )
  const general = processVerdict(whole, watchers.length)
  if (json) {
    const plain = found.map(({ info: { name, uid }, figures, verdict }) => ({ name, uid, ...figures, verdict }))
    sayJson({ streams: plain, process: { ...whole, verdict: general } }, 2)
    return
  }
  for (const { info, figures } of found) say(streamLines(info, figures))
  say(processLines(whole, watchers.length))
  const named = found.flatMap(({ info, verdict }) => verdict.map(text => `'${info.name}': ${text}`))
  say([...named, ...general])
}

async function follow(
  watcher: StreamWatcher<WindowData>,
  profile: StreamProfile | undefined,
  signal: AbortSignal,
): Promise<void> {
  // Samples that came before the measurement are left out.
  watcher.nNew = 0
  for await (const window of watcher.windows({ signal })) profile?.note(window)
}
