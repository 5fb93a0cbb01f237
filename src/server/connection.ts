import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import { Authorization } from './authorization.js'
import { builtInOf } from './built-in.js'
import { Complaints } from './complaints.js'
import { CommandIntake } from './command-intake.js'
import { CommandQueue } from './command-queue.js'
import type { CommandTable } from './command-table.js'
import { parseCommand, readinessOf, type Command } from './command.js'
import type { ServerSettings } from './server-options.js'
import { pythonBytes } from './wire-text.js'

/** Replies that a client has not read; beyond, it is not read from either. */
const MAX_UNREAD_BYTES = 1 << 20
/** How long a closing connection may take to hand over what was written. */
const END_LIMIT_MS = 250

/** What a connection needs of its server. */
export interface ConnectionHost {
  readonly settings: ServerSettings
  readonly table: CommandTable
  readonly token: string | undefined
  readonly logger: Logger
  /** The signal that the next STOP aborts. */
  stopSignal(): AbortSignal
  /** Stops everything now; resolves when all jobs are gone. */
  stop(): Promise<void>
  close(): void
  readonly run: (call: Extract<Command, { kind: 'call' }>, signal: AbortSignal) => Promise<void> | undefined
}

type Step = { readonly piece: string; readonly signal: AbortSignal } | { readonly stopped: Promise<void> }

/** One client: its bytes become commands, run in order; UP, GET_PCOMMS and STOP are heard at once. */
export class Connection {
  /** When it began, on the clock of performance.now(). */
  readonly connectedAt: number = performance.now()
  readonly #socket: Socket
  readonly #host: ConnectionHost
  readonly #intake: CommandIntake
  readonly #queue: CommandQueue<Step>
  readonly #complaints: Complaints
  readonly #authorization: Authorization
  #listedAt = -Infinity
  #replies = ''
  #refused = false
  #ending: Promise<void> | undefined

  constructor(socket: Socket, host: ConnectionHost) {
    this.#socket = socket
    this.#host = host
    const { settings, table } = host
    this.#intake = new CommandIntake(settings, piece => readinessOf(piece, table), {
      onPieces: pieces => this.#handle(pieces),
      onOverflow: () => this.#refuse('command is longer than the limit, closing', 'ERR too-long\n'),
      onStale: (text, isDripping) => this.#onStale(text, isDripping),
    })
    this.#queue = new CommandQueue(
      step => this.#run(step),
      () => this.#unpause(),
    )
    this.#complaints = new Complaints(host.logger)

    socket.setEncoding('latin1')
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 10_000)
    socket.on('data', bytes => this.#onData(bytes as unknown as string))
    socket.on('end', () => this.#intake.end())
    socket.on('drain', () => this.#unpause())
    socket.on('error', err => host.logger.info({ err }, 'connection reset'))
    socket.on('close', () => this.#onClose())
    socket.write(`Connected to ${settings.name}\n`)
    this.#authorization = new Authorization(host.token, settings.commandTimeoutMs, () =>
      this.#refuse('client did not authorize in time, closing'),
    )
  }

  /** When it last got the list of commands. */
  get listedAt(): number {
    return this.#listedAt
  }

  /** Sends text as it is; false when the client is gone. */
  send(text: string): boolean {
    if (!this.#socket.writable) return false
    this.#socket.write(text)
    return true
  }

  /** Closes after what was written is out, or after a short limit. Idempotent. */
  end(): Promise<void> {
    this.#ending ??= new Promise(resolve => {
      if (this.#socket.closed) {
        resolve()
        return
      }
      const limit = setTimeout(() => this.#socket.destroy(), END_LIMIT_MS)
      this.#socket.once('close', () => {
        clearTimeout(limit)
        resolve()
      })
      this.#socket.end()
    })
    return this.#ending
  }

  /** Forgets commands that wait; answers how many. */
  dropCommands(): number {
    return this.#queue.clear()
  }

  #onData(bytes: string): void {
    if (this.#refused) return
    this.#intake.push(bytes)
    if (this.#queue.length >= this.#host.settings.maxQueuedCommands || this.#socket.writableLength > MAX_UNREAD_BYTES) {
      this.#socket.pause()
    }
  }

  #onStale(text: string, isDripping: boolean): void {
    // Half a token is nothing for the log.
    const said = this.#authorization.granted ? { text: text.slice(0, 200) } : {}
    this.#host.logger.warn({ bytes: text.length, ...said }, 'command did not complete, dropped')
    if (isDripping) this.#socket.destroy()
  }

  #handle(pieces: readonly string[]): void {
    for (const piece of pieces) {
      if (this.#refused) return
      const builtIn = builtInOf(piece)
      if (!this.#authorization.granted) this.#authorize(piece)
      else if (builtIn === 'UP') this.#replies += '1'
      else if (builtIn === 'GET_PCOMMS') this.#list()
      else if (builtIn === 'STOP') this.#queue.push({ stopped: this.#host.stop() })
      else if (builtIn === 'CLOSE') {
        this.#flush()
        this.#host.close()
        return
      } else this.#queue.push({ piece, signal: this.#host.stopSignal() })
    }
    this.#flush()
    this.#queue.run()
    this.#flush()
  }

  #list(): void {
    this.#replies += [...this.#host.table.keys(), 'STOP', 'CLOSE'].join('|')
    this.#listedAt = performance.now()
  }

  #run(step: Step): Promise<void> | undefined {
    if ('stopped' in step) return step.stopped
    const { logger, table, run } = this.#host
    const command = parseCommand(step.piece, table)
    if (command.kind === 'call') {
      if (logger.isLevelEnabled('info')) logger.info({ pcomm: command.name }, 'command received')
      return run(command, step.signal)
    }
    if (!this.#complaints.hear(command, step.piece)) this.#refuse('client sends garbage, closing')
    else if (command.kind === 'undecodable') {
      this.send(`Was unable to decode msg=${pythonBytes(step.piece)} to ascii\n`)
    }
    return undefined
  }

  #authorize(piece: string): void {
    if (!this.#authorization.hear(piece)) this.#refuse('client is not authorized, closing')
  }

  #refuse(why: string, reply = ''): void {
    // Commands that came before may find more reasons.
    if (this.#refused) return
    this.#host.logger.warn({ peer: this.#socket.remoteAddress }, why)
    if (reply !== '') this.send(reply)
    // What still comes is read and forgotten: closing over unread bytes would reset the connection and lose the reply.
    this.#refused = true
    void this.end()
  }

  #flush(): void {
    if (this.#replies === '') return
    this.send(this.#replies)
    this.#replies = ''
  }

  #unpause(): void {
    if (this.#socket.isPaused() && this.#socket.writableLength <= MAX_UNREAD_BYTES) {
      this.#socket.resume()
    }
  }

  #onClose(): void {
    this.#authorization.close()
    this.#intake.close()
    this.#complaints.close()
  }
}
