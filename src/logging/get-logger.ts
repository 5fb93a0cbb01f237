import { pino } from 'pino'
import { callerSiteFields } from './caller-site.js'
import { watchForCrash } from './crash-watch.js'
import { LEVELS, levelNamed } from './levels.js'
import { LogDestination } from './log-destination.js'

/** A pino logger: child loggers, levels and serializers work as pino documents them. */
export type Logger = pino.Logger

export interface LoggerOptions {
  /** The lowest level that is logged, default `info`: pino's or Python's name in any case, or Python's number (10 is DEBUG). */
  readonly level?: string | number
  /** Print to stderr as well, default false. */
  readonly addConsoleHandler?: boolean
  /** Do not send to the log server, default false. */
  readonly noSocketHandler?: boolean
  /** Put the file, line and function of each call into its record, default false: costs some 10 us a call. */
  readonly callerSite?: boolean
  /** Where the log server listens, default 127.0.0.1. */
  readonly host?: string
  /** Its TCP port, default 9020. */
  readonly port?: number
}

/**
 * A logger that sends to the log server and, when asked, prints to the console. Any thread, worker jobs included; a call
 * never waits for the network, and nothing happens when no log server listens.
 */
export function getLogger(name: string, options: LoggerOptions = {}): Logger {
  const { level = 'info', addConsoleHandler = false, noSocketHandler = false, callerSite = false } = options
  const { host = '127.0.0.1', port = 9020 } = options

  if (typeof name !== 'string' || name === '') {
    throw new TypeError(`name must be a non-empty string, got ${JSON.stringify(name)}`)
  }
  const pinoLevel = levelNamed(level)
  if (pinoLevel === undefined) {
    const names = LEVELS.map(known => known.pino).join(', ')
    throw new RangeError(`level must be one of ${names}, a Python level or silent, got ${JSON.stringify(level)}`)
  }
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new RangeError(`port must be an integer from 1 to 65535, got ${port}`)
  }

  if (!noSocketHandler) watchForCrash()
  const destination = new LogDestination(name, {
    console: addConsoleHandler,
    ...(noSocketHandler ? {} : { server: { host, port } }),
  })
  const mixin = callerSite ? { mixin: callerSiteFields } : {}
  return pino({ level: pinoLevel, base: null, timestamp: false, ...mixin }, destination)
}
