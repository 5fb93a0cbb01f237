import { isIP } from 'node:net'
import type { Logger } from 'pino'
import { flag, logger, milliseconds, mustBe, oneOf, options, port, whole } from '../check.js'
import type { Checks } from '../check.js'
import type { Framing } from './wire/command-splitter.js'
import type { PCommandMap } from './command-table.js'

/** Where a {@link DefaultServer} listens, and what it allows. */
export interface DefaultServerOptions {
  /** Default 8080; 0 lets the system choose, see `port`. */
  readonly port?: number
  /** The address to listen on, default 127.0.0.1. Any other lets other machines command this one. */
  readonly host?: string
  /** Python's name for `host`. */
  readonly ip?: string
  /** Said in the greeting, default `default_server`. */
  readonly name?: string
  readonly pcommandMap?: PCommandMap
  /** Default: one of the server's name that sends to the log server. */
  readonly logger?: Logger
  /** How commands end on the wire, default `tolerant`; `strict` is by `;` alone. */
  readonly framing?: Framing
  /** When given, a client must first send `AUTH|<token>;`. */
  readonly token?: string
  /** Longest command, default 64 KiB of payload and 1 KiB for its name; a longer one closes the connection. */
  readonly maxCommandBytes?: number
  /** Clients at once, default 64; one more is refused. */
  readonly maxConnections?: number
  /** Commands of one client that may wait, default 1024; then its socket is paused. */
  readonly maxQueuedCommands?: number
  /** Silence after which a complete command without an end is run, default 20 ms. */
  readonly quietMs?: number
  /** How long a command may take to arrive, default 5000 ms; then it is dropped. */
  readonly commandTimeoutMs?: number
  /** How long a handler may go on after STOP, default 2000 ms; then the next command of its client is run. */
  readonly handlerTimeoutMs?: number
  /** Stops all jobs when the last client has left, default false: jobs outlive the control room. */
  readonly stopOnDisconnect?: boolean
}

export type ServerSettings = Required<Omit<DefaultServerOptions, 'pcommandMap' | 'logger' | 'token' | 'ip'>>

const limit = milliseconds({ forever: true })
const atLeastOne = whole({ from: 1 })
const listenAddress = mustBe(
  'an IP address or localhost',
  (value): value is string => typeof value === 'string',
  value => value === 'localhost' || isIP(value) !== 0,
)
const isText = (value: unknown): value is string => typeof value === 'string'

export const SERVER_CHECKS: Checks<DefaultServerOptions> = {
  port,
  host: listenAddress,
  ip: listenAddress,
  name: mustBe('one line', isText, value => !/[\r\n]/.test(value)),
  pcommandMap: mustBe(
    'an object or a Map of handlers',
    (value): value is object => value instanceof Map || Object.prototype.toString.call(value) === '[object Object]',
  ),
  logger,
  framing: oneOf('tolerant', 'strict'),
  // The message does not show the value, as it is a secret.
  token: (name, value) => {
    if (!isText(value) || !/^[^|;\s]+$/.test(value)) throw new TypeError(`${name} must be a word without | and ;`)
  },
  maxCommandBytes: atLeastOne,
  maxConnections: atLeastOne,
  maxQueuedCommands: atLeastOne,
  quietMs: limit,
  commandTimeoutMs: limit,
  handlerTimeoutMs: limit,
  stopOnDisconnect: flag,
}

const checked = options('DefaultServer', "new DefaultServer({ port: 8080, name: 'my-module' })", SERVER_CHECKS)

/** The options with their defaults. Throws TypeError or RangeError naming the option. */
export function settingsOf(given: DefaultServerOptions | undefined): ServerSettings {
  const options = checked(given)
  const { ip, host = ip ?? '127.0.0.1' } = options
  if (ip !== undefined && ip !== host) throw new TypeError(`ip and host are the same option, got '${ip}' and '${host}'`)
  return {
    port: options.port ?? 8080,
    host,
    name: options.name ?? 'default_server',
    framing: options.framing ?? 'tolerant',
    maxCommandBytes: options.maxCommandBytes ?? 65 * 1024,
    maxConnections: options.maxConnections ?? 64,
    maxQueuedCommands: options.maxQueuedCommands ?? 1024,
    quietMs: options.quietMs ?? 20,
    commandTimeoutMs: options.commandTimeoutMs ?? 5000,
    handlerTimeoutMs: options.handlerTimeoutMs ?? 2000,
    stopOnDisconnect: options.stopOnDisconnect ?? false,
  }
}
