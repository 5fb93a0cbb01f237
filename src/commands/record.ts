import { Command, Option } from 'commander'
import { recordingFile } from '../recording/file-name.js'
import { RecordingDesk } from '../recording/recording-desk.js'
import type { RecordingSummary } from '../recording/recording-summary.js'
import { REMOTE_PORT, RemoteControl } from '../recording/remote-control.js'
import { XdfRecorder } from '../recording/xdf-recorder.js'
import { LiveTable } from './record/live-table.js'
import { recordModule } from './record/record-module.js'
import { reportEvents, summaryLines } from './record/report.js'
import { headLine } from './record/table-lines.js'
import { integerWithin, numberWithin, seconds } from './terminal/arguments.js'
import { say } from './terminal/say.js'
import { EndOfRun } from './terminal/end-of-run.js'

interface Options {
  all?: true
  predicate?: string
  output?: string
  name: string
  folder: string
  participant?: string
  session?: string
  task?: string
  run?: string
  seconds?: number
  flush: number
  markersRequired?: true
  remoteControl?: number | true
  module?: true
  port: number
  ip: string
}

const NAME = 'recording_{date}_run-{run}.xdf'
const PLAIN_EVERY_MS = 5000
/** Who waits longer for the end is told so. */
const SLOW_MS = 1000
const FAR = ['all', 'predicate', 'output', 'seconds', 'markersRequired']

/** `dareplane record`: streams into an XDF file, until it is stopped. */
export function recordCommand(): Command {
  return new Command('record')
    .description('record LSL streams into an XDF file')
    .argument('[names...]', 'names of the streams; all of them are expected')
    .option('--all', 'record every stream, those that appear later too')
    .option('--predicate <xpath>', 'record every stream that satisfies this, as "type=\'EEG\'"')
    .addOption(new Option('-o, --output <file>', 'the file to make').conflicts(['folder', 'name']))
    .option('--name <template>', 'its name, with {participant} {session} {task} {run} {date} {time}', NAME)
    .option('--folder <folder>', 'its folder', '.')
    .option('--participant <text>', 'stands for {participant}')
    .option('--session <text>', 'stands for {session}')
    .option('--task <text>', 'stands for {task}')
    .option('--run <text>', 'stands for {run} (default: counts up)')
    .option('--seconds <s>', 'stop after this many seconds', seconds)
    .option(
      '--flush <s>',
      'how many seconds until data are on the disk, at most',
      numberWithin({ min: 0.05, max: 10 }),
      1,
    )
    .option('--markers-required', 'it is a failure if no marker was recorded')
    .option(
      '--remote-control [port]',
      `wait for the commands of LabRecorder's remote port (default: ${REMOTE_PORT})`,
      integerWithin({ min: 0, max: 65535 }),
    ) // prettier-ignore
    .option('--module', 'wait for the primary commands of dp-lsl-recording, as a module of Dareplane')
    .option('--port <port>', 'port of the module', integerWithin({ min: 0, max: 65535 }), 8080)
    .option('--ip <address>', 'address of the module', '127.0.0.1')
    .action(async (names: string[], options: Options, command: Command) => {
      if (options.module === true || options.remoteControl !== undefined) {
        const misplaced = FAR.find(name => command.getOptionValueSource(name) === 'cli')
        if (misplaced !== undefined || names.length > 0)
          command.error('error: who commands it from afar says what is recorded: no names, --all, --output, --seconds or --markers-required') // prettier-ignore
        await waitForCommands(options)
        return
      }
      const which = [names.length > 0, options.all === true, options.predicate !== undefined].filter(Boolean).length
      if (which !== 1) command.error("error: say which streams: their names, or '--all', or '--predicate <xpath>'")
      await record(names, options)
    })
}

async function record(names: readonly string[], options: Options): Promise<void> {
  const { all, predicate, output, name, folder, flush, seconds, markersRequired } = options
  const streams = all === true ? 'all' : (predicate ?? names.map(each => ({ name: each })))
  const file = output ?? recordingFile(name, fieldsOf(options), { folder })
  using end = new EndOfRun()
  await using recorder = new XdfRecorder({ file, streams, flushS: flush })
  recorder.on('failed', () => end.now())
  await recorder.start()
  end.after(seconds)
  await untilEnded(recorder, end.signal)
  const slow = setTimeout(() => say('the recording is being ended; Ctrl-C again leaves the file as it is'), SLOW_MS)
  const summary = await recorder.stop()
  clearTimeout(slow)
  say(summaryLines(summary, process.stdout.columns))
  if (!summary.isComplete) process.exitCode = 1
  if (markersRequired === true && !hasMarkers(summary)) {
    say('no marker was recorded')
    process.exitCode = 1
  }
  if (summary.notEnded !== undefined) leave()
}

/** Shows the recording until it has ended: a table in a terminal, lines elsewhere. */
async function untilEnded(recorder: XdfRecorder, signal: AbortSignal): Promise<void> {
  const ended = new Promise<void>(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  if (process.stdout.isTTY) {
    using live = new LiveTable(process.stdout, recorder)
    reportEvents(recorder, line => live.print(line))
    await ended
    return
  }
  say(headLine(recorder.stats))
  reportEvents(recorder, say)
  const lines = setInterval(() => say(headLine(recorder.stats)), PLAIN_EVERY_MS)
  await ended
  clearInterval(lines)
}

async function waitForCommands(options: Options): Promise<void> {
  const { name, folder, flush, module, port, ip, remoteControl } = options
  using end = new EndOfRun()
  const print = say
  await using desk = new RecordingDesk(
    { folder, template: name, fields: fieldsOf(options) },
    { flushS: flush },
    begun => {
      print(headLine(begun.stats))
      reportEvents(begun, print)
      void begun.ended.then(summary => summaryLines(summary).forEach(print))
    },
  )
  await using remote = new RemoteControl(desk)
  if (remoteControl !== undefined) {
    await remote.listen(remoteControl === true ? REMOTE_PORT : remoteControl)
    print(`remote control on port ${remote.port}`)
  }
  if (module !== true) {
    await new Promise<void>(resolve => end.signal.addEventListener('abort', () => resolve(), { once: true }))
    return
  }
  await using server = recordModule(desk, { port, ip })
  end.signal.addEventListener('abort', () => void server.shutdown(), { once: true })
  await server.initServer()
  print(`module on port ${server.port}`)
  await server.startListening()
}

function fieldsOf({ participant, session, task, run }: Options): Record<string, string> {
  const fields = { participant, session, task, run }
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined))
}

function hasMarkers({ streams }: RecordingSummary): boolean {
  return streams.some(({ info, samples }) => info.channelFormat === 'string' && samples > 0)
}

/** A thread that hangs in the disk would keep this process for as long as the disk hangs, with all that has been said. */
function leave(): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 2000).unref()
}
