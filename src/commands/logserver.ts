import { isIP } from 'node:net'
import { Command, InvalidArgumentError } from 'commander'
import { LEVELS, levelNamed } from '../logging/wire/levels.js'
import { LogRecordSocketReceiver } from '../logging/receiver/log-record-socket-receiver.js'
import type { Rotation } from '../logging/receiver/rotation.js'
import { resolve } from 'node:path'
import { integerWithin } from './terminal/arguments.js'
import { EndOfRun } from './terminal/end-of-run.js'
import { complain, say } from './terminal/say.js'

interface Options {
  readonly logfile: string
  readonly host: string
  readonly port: number
  readonly level?: string
  readonly rotate?: Rotation
  readonly quiet?: true
}

/** `dareplane logserver`: takes the records of all modules into one file, and shows them. */
export function logserverCommand(): Command {
  return new Command('logserver')
    .description('receive the log records of all modules into one file, until Ctrl-C')
    .option('--logfile <file>', 'append to this file', 'default_socket.log')
    .option('--host <address>', 'listen on this address', '127.0.0.1')
    .option('--port <port>', 'listen on this port', integerWithin({ min: 0, max: 65535 }), 9020)
    .option('--level <level>', 'leave out records below this level', logLevel)
    .option(
      '--rotate <size>',
      'rename the file to FILE.1 when it has this size, as 10M, or 10M:5 to keep five of them (default)',
      rotation,
    )
    .option('--quiet', 'do not show the records')
    .action(async ({ logfile, host, port, level, rotate, quiet }: Options) => {
      using end = new EndOfRun()
      const receiver = new LogRecordSocketReceiver({
        host,
        port,
        logfile,
        console: !quiet,
        ...(level === undefined ? {} : { level }),
        ...(rotate === undefined ? {} : { rotation: rotate }),
      })
      receiver.once('listening', () => {
        if (!isLoopback(host)) complain(`anyone who reaches ${host}:${receiver.port} can write to this log`)
        say(`LogRecordSocketReceiver is up and listening on ${host}:${receiver.port}, logging to ${resolve(logfile)}`)
      })
      end.signal.addEventListener('abort', () => void receiver.close())
      await receiver.serveUntilStopped()
    })
}

/** A level by its name, for commander. */
export function logLevel(text: string): string {
  const level = levelNamed(/^\d+$/.test(text) ? Number(text) : text)
  if (level !== undefined && level !== 'silent') return level
  throw new InvalidArgumentError(`It must be one of ${LEVELS.map(({ levelname }) => levelname).join(', ')}.`)
}

function rotation(text: string): Rotation {
  const [, size, files] = /^([1-9]\d*[KMG])(?::([1-9]\d?))?$/i.exec(text) ?? []
  if (size === undefined) throw new InvalidArgumentError('It must be a size as 500K, 10M or 1G, and perhaps :5.')
  return files === undefined ? { size: size.toUpperCase() } : { size: size.toUpperCase(), files: Number(files) }
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
