import { isIP } from 'node:net'
import type { Logger } from 'pino'
import type { Framing } from './command-splitter.js'
import type { PCommandMap } from './command-table.js'

export interface DefaultServerOptions {
  /** Default 8080; 0 lets the system choose, see `port`. */
  readonly port?: number
  /** The address to listen on, default 127.0.0.1. Any other lets other machines command this one. */
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

export type ServerSettings = Required<Omit<DefaultServerOptions, 'pcommandMap' | 'logger' | 'token'>>

/** The options with their defaults; throws where one is impossible. */
export function settingsOf(options: DefaultServerOptions): ServerSettings {
  const settings: ServerSettings = {
    port: options.port ?? 8080,
    ip: options.ip ?? '127.0.0.1',
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
  const { port, ip, name, framing } = settings
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new RangeError(`port must be 0 to 65535, got ${port}`)
  if (ip !== 'localhost' && isIP(ip) === 0) throw new TypeError(`ip must be an IP address, got ${ip}`)
  if (typeof name !== 'string' || /[\r\n]/.test(name)) throw new TypeError(`name must be one line, got ${name}`)
  if (!['tolerant', 'strict'].includes(framing)) {
    throw new TypeError(`framing must be 'tolerant' or 'strict', got ${framing}`)
  }
  for (const option of ['maxCommandBytes', 'maxConnections', 'maxQueuedCommands'] as const) {
    const value = settings[option]
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`${option} must be an integer > 0, got ${value}`)
  }
  for (const option of ['quietMs', 'commandTimeoutMs', 'handlerTimeoutMs'] as const) {
    if (!(settings[option] >= 0)) throw new RangeError(`${option} must be >= 0, got ${settings[option]}`)
  }
  if (options.token !== undefined && !/^[^|;\s]+$/.test(options.token)) {
    throw new TypeError('token must be a word without | and ;')
  }
  return settings
}
