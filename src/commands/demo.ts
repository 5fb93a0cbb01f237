import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Command } from 'commander'
import { localClock } from '../clock.js'
import { DareplaneError } from '../errors.js'
import { safeName } from '../safe-text.js'
import { getLogger } from '../logging/get-logger.js'
import { DefaultServer } from '../server/default-server.js'
import type { WindowData } from '../ring/window.js'
import { StreamWatcher } from '../stream-watcher.js'
import type { WorkerJob } from '../workers/jobs/worker-job.js'
import { within } from '../system/within.js'
import type { View } from '../view/serve.js'
import { readXdf } from '../xdf/read-xdf.js'
import { chooseStreams } from './demo/choose-streams.js'
import { confineToLoopback } from './demo/confine.js'
import { startBandPower } from './demo/start-band-power.js'
import { ControlClient } from './demo/control-client.js'
import { DemoResults } from './demo/demo-results.js'
import { demoView } from './demo/demo-view.js'
import { OutletProcess } from './demo/outlet-process.js'
import { failures, statusLine, summary } from './demo/report.js'
import { StreamTally } from './demo/stream-tally.js'
import { numberWithin, seconds } from './terminal/arguments.js'
import { EndOfRun } from './terminal/end-of-run.js'
import { say } from './terminal/say.js'

interface Options {
  readonly seconds?: number
  readonly xdf?: string
  readonly speed: number
  readonly network: boolean
  readonly view: boolean
}

const SERVER_NAME = 'dareplane-demo'
const CONNECT_TIMEOUT_S = 15
const STATUS_EVERY_MS = 500
const UP_EVERY_MS = 1000
/** For the last frames to arrive once the outlet has said how many it sent. */
const ARRIVAL_LIMIT_S = 3

/** `dareplane demo`: the whole main job on this machine, and whether it went as it should. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('run the whole main job on this machine: outlet, watchers, worker job, server, client')
    .option(
      '--seconds <s>',
      'end after this many seconds (default: at Ctrl-C, or at the end of the recording)',
      seconds,
    )
    .option('--xdf <file>', 'replay this recording instead of a synthetic EEG')
    .option('--speed <factor>', 'recorded seconds per second', numberWithin({ min: 1e-3, max: 1e6 }), 1)
    .option('--view', 'serve the live page while it runs, and print its address', false)
    .option('--network', "use LSL's own configuration instead of confining it to this machine", false)
    .action(async (options: Options) => {
      const file = options.xdf === undefined ? undefined : resolve(options.xdf)
      if (!options.network) confineToLoopback()
      process.exitCode = await run({ ...options, ...(file !== undefined && { xdf: file }) })
    })
}

async function run(options: Options): Promise<number> {
  using end = new EndOfRun()
  const streams = await namesAndArguments(options)
  const outlet = new OutletProcess(streams.arguments)
  const logger = getLogger('dareplane.demo', { noSocketHandler: true, addConsoleHandler: true, level: 'warn' })
  const watchers = streams.names.map(name => new StreamWatcher<WindowData>({ name, logger }))
  const results = new DemoResults()
  let job: WorkerJob | undefined
  let view: View | undefined
  const start = (): WorkerJob => {
    const [signal] = watchers
    if (signal === undefined) throw new DareplaneError('ERR_NOT_CONNECTED', 'no signal is watched')
    job = startBandPower(results, signal, logger)
    return job
  }
  const server = new DefaultServer({ port: 0, name: SERVER_NAME, pcommandMap: { START: start }, logger })
  try {
    await outlet.ready()
    await Promise.all(watchers.map(watcher => watcher.connectToStream({ timeoutS: CONNECT_TIMEOUT_S })))
    await server.initServer()
    const listening = server.startListening()
    const client = await ControlClient.connect(server.port, `Connected to ${SERVER_NAME}\n`)
    await client.ask('GET_PCOMMS', 'START|STOP|CLOSE')
    client.send('START')
    if (options.view) {
      view = await demoView(watchers, server)
      say(`the live page: ${view.url}`)
    }

    const tallies = watchers.map(watcher => new StreamTally(watcher))
    const tallied = tallies.map(tally => tally.run())
    end.after(options.seconds)
    const startS = localClock()
    let upAnswers = 0
    let upDueS = startS
    const ended = endOf(outlet, end.signal)
    while ((await within(STATUS_EVERY_MS, ended)) === undefined) {
      if (localClock() >= upDueS) {
        await client.ask('UP', '1')
        upAnswers++
        upDueS += UP_EVERY_MS / 1000
      }
      status(statusLine(localClock() - startS, tallies, results))
    }

    if (end.signal.aborted) outlet.interrupt()
    await outlet.ended
    await allArrived(tallies, outlet.sent)
    const stopStart = performance.now()
    client.send('STOP')
    const jobEnd = (await job?.done)?.outcome ?? 'never started'
    const stopMs = performance.now() - stopStart
    await Promise.all(watchers.map(watcher => watcher.disconnect()))
    await Promise.all(tallied)
    client.close()
    await server.shutdown()
    await listening
    const commands = ['GET_PCOMMS', 'START', 'STOP']
    const outcome = { tallies, sent: outlet.sent, results, jobEnd, stopMs, commands, upAnswers }
    status('')
    say(summary(outcome))
    return failures(outcome).length === 0 ? 0 : 1
  } finally {
    await view?.close()
    await server.shutdown()
    await Promise.all([outlet.close(), ...watchers.map(watcher => watcher.disconnect())])
  }
}

async function namesAndArguments({ xdf, speed }: Options): Promise<{ names: string[]; arguments: string[] }> {
  const wait = ['--wait-consumers', String(CONNECT_TIMEOUT_S)]
  if (xdf === undefined) {
    const name = `demo-${process.pid}`
    return { names: [name, `${name}-markers`], arguments: ['--name', name, '--markers', '2', ...wait] }
  }
  const { signal, markers } = chooseStreams(xdf, await readXdf(xdf))
  const names = [signal.name, markers.name]
  const chosen = names.flatMap(name => ['--stream', name])
  return { names, arguments: ['--xdf', xdf, '--speed', String(speed), ...chosen, ...wait] }
}

/** Resolves when the outlet has ended by itself, or the run is to end. */
async function endOf(outlet: OutletProcess, signal: AbortSignal): Promise<true> {
  const aborted = new Promise<void>(resolve => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await Promise.race([outlet.ended, aborted])
  return true
}

async function allArrived(tallies: readonly StreamTally[], sent: ReadonlyMap<string, number>): Promise<void> {
  const limitS = localClock() + ARRIVAL_LIMIT_S
  const arrived = (): boolean =>
    tallies.every(({ watcher, frames }) => frames >= (sent.get(watcher.info.name) ?? Infinity))
  while (!arrived() && localClock() < limitS) await delay(10)
}

/** Rewrites the terminal's line; prints plain lines where there is no terminal. */
function status(line: string): void {
  if (!process.stdout.isTTY) {
    if (line !== '') say(line)
    return
  }
  process.stdout.write(`\r\x1b[K${safeName(line).slice(0, process.stdout.columns - 1)}`)
}
