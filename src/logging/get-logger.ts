import { isatty } from 'node:tty'
import { pino } from 'pino'
import { flag, nonEmpty, oneOf, options, whole } from '../check.js'
import { surviveClosedOutput } from '../system/standard-streams.js'
import { callerSiteFields } from './sender/caller-site.js'
import { watchForCrash } from './sender/crash-watch.js'
import { level as levelCheck, levelNamed } from './wire/levels.js'
import { logMethod } from './sender/log-arguments.js'
import { withSafeBindings } from './sender/safe-bindings.js'
import { LogDestination } from './sender/log-destination.js'

/** A pino logger: child loggers, levels and serializers work as pino documents them. */
export type Logger = pino.Logger

/** What a logger lets through, and where it sends. */
export interface LoggerOptions {
  /** The lowest level that is logged, default `info`: pino's or Python's name in any case, or Python's number (10 is DEBUG). */
  readonly level?: string | number
  /** Print to stderr as well, default false; `terminal` prints only where stderr is a terminal. */
  readonly addConsoleHandler?: boolean | 'terminal'
  /** Do not send to the log server, default false. */
  readonly noSocketHandler?: boolean
  /** Put the file, line and function of each call into its record, default false: costs some 10 us a call. */
  readonly callerSite?: boolean
  /** Where the log server listens, default 127.0.0.1. */
  readonly host?: string
  /** Its TCP port, default 9020. */
  readonly port?: number
}

const checked = options<LoggerOptions>('getLogger', "getLogger('my-module', { level: 'debug' })", {
  level: levelCheck,
  addConsoleHandler: oneOf(true, false, 'terminal'),
  noSocketHandler: flag,
  callerSite: flag,
  host: nonEmpty,
  port: whole({ from: 1, to: 65535 }),
})

/**
 * A logger that sends to the log server and, when asked, prints to the console. Any thread, worker jobs included; a call
 * never waits for the network. Without a log server the newest records wait for one, and one line on stderr says so when an
 * error is among them.
 *
 * @example
 * ```ts
 * import { getLogger } from 'dareplane-utils'
 *
 * const logger = getLogger('my-module', { level: 'debug', addConsoleHandler: true })
 * logger.info({ trial: 3 }, 'stimulus shown')
 * ```
 */
export function getLogger(name: string, options?: LoggerOptions): Logger {
  nonEmpty('name', name)
  const { level = 'info', addConsoleHandler = false, noSocketHandler = false, callerSite = false } = checked(options)
  const { host = '127.0.0.1', port = 9020 } = options ?? {}

  surviveClosedOutput()
  if (!noSocketHandler) watchForCrash()
  const destination = new LogDestination(name, {
    console: addConsoleHandler === 'terminal' ? isatty(2) : addConsoleHandler,
    ...(noSocketHandler ? {} : { server: { host, port } }),
  })
  const mixin = callerSite ? { mixin: callerSiteFields } : {}
  const pinoLevel = levelNamed(level) ?? 'info'
  const logger = pino({ level: pinoLevel, base: null, timestamp: false, hooks: { logMethod }, ...mixin }, destination)
  return withSafeBindings(logger)
}
