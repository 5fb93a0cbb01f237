import { Command } from 'commander'
import { integerWithin } from './terminal/arguments.js'
import { EndOfRun } from './terminal/end-of-run.js'
import { followFile } from './logs/follow-file.js'
import { followServer } from './logs/follow-server.js'
import { LogLineFilter } from './logs/log-line-filter.js'
import { logLevel } from './logserver.js'

interface Options {
  readonly host: string
  readonly port: number
  readonly level?: string
  readonly name: readonly string[]
  readonly lines: number
  readonly follow: boolean
}

/** `dareplane logs`: the lines of a log file as they come, or those of a running log server. */
export function logsCommand(): Command {
  return new Command('logs')
    .description("follow a log file, or without one a running 'dareplane logserver', until Ctrl-C")
    .argument('[file]', 'the log file, of our log server or of Python')
    .option('--level <level>', 'show records of this level and above', logLevel)
    .option('--name <name>', 'show records of this logger and its children; may be given several times', collect, [])
    .option('--lines <n>', 'of a file, begin with this many of the last lines', integerWithin({ min: 0, max: 1e6 }), 25)
    .option('--no-follow', 'of a file, end with the last line')
    .option('--host <address>', 'the log server', '127.0.0.1')
    .option('--port <port>', 'its port', integerWithin({ min: 1, max: 65535 }), 9020)
    .action(async (file: string | undefined, { host, port, level, name, lines, follow }: Options) => {
      using end = new EndOfRun()
      const filter = new LogLineFilter({
        level,
        names: name,
        colours: process.stdout.isTTY && process.stdout.hasColors(),
      })
      const show = (line: string): void => {
        const shown = filter.push(line)
        if (shown !== undefined) process.stdout.write(`${shown}\n`)
      }
      if (file === undefined) await followServer({ host, port, signal: end.signal }, show)
      else await followFile(file, { lines, follow, signal: end.signal }, show)
    })
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text]
}
