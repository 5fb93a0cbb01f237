import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import { builtInOf } from './built-in.js'
import { CommandQueue } from './command-queue.js'
import { CommandSplitter } from './command-splitter.js'
import type { CommandTable } from './command-table.js'
import { parseCommand, readinessOf, type Command } from './command.js'
import type { ServerSettings } from './server-options.js'
import { isAuthorized } from './token.js'
import { pythonBytes } from './wire-text.js'
import { WarningBudget } from './warning-budget.js'

/** Undecodable commands a second beyond which a client is talking something else. */
const MAX_DECODE_ERRORS_PER_S = 100
/** Replies that a client has not read; beyond, it is not read from either. */
const MAX_UNREAD_BYTES = 1 << 20
/** A command still arriving after this long at its time limit comes from a client that drips. */
const DRIP_MS = 1000
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
  run(call: Extract<Command, { kind: 'call' }>, signal: AbortSignal): Promise<void> | undefined
}

type Step = { readonly piece: string; readonly signal: AbortSignal } | { readonly stopped: Promise<void> }

/** One client: its bytes become commands, run in order; UP, GET_PCOMMS and STOP are heard at once. */
export class Connection {
  /** When it began, on the clock of performance.now(). */
  readonly connectedAt: number = performance.now()
  readonly #socket: Socket
  readonly #host: ConnectionHost
  readonly #splitter: CommandSplitter
  readonly #queue: CommandQueue<Step>
  readonly #budget: WarningBudget
  #quiet: NodeJS.Timeout | undefined
  #limit: NodeJS.Timeout | undefined
  #listedAt = -Infinity
  #beganAt = 0
  #lastByteAt = 0
  #authorized: boolean
  #decodeErrors = 0
  #decodeErrorsSince = 0
  #replies = ''
  #refused = false

  constructor(socket: Socket, host: ConnectionHost) {
    this.#socket = socket
    this.#host = host
    const { settings, table } = host
    this.#splitter = new CommandSplitter(settings.framing, settings.maxCommandBytes, piece => readinessOf(piece, table))
    this.#queue = new CommandQueue(
      step => this.#run(step),
      () => this.#unpause(),
    )
    this.#budget = new WarningBudget(host.logger)
    this.#authorized = host.token === undefined

    socket.setEncoding('latin1')
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 10_000)
    socket.on('data', bytes => this.#onData(bytes as unknown as string))
    socket.on('end', () => this.#handle(this.#splitter.quiet()))
    socket.on('drain', () => this.#unpause())
    socket.on('error', err => host.logger.info({ err }, 'connection reset'))
    socket.on('close', () => this.#onClose())
    socket.write(`Connected to ${settings.name}\n`)
    if (!this.#authorized) this.#startLimit()
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

  /** Closes after what was written is out, or after a short limit; forgets commands that wait. Idempotent. */
  end(): Promise<void> {
    const dropped = this.#queue.clear()
    if (dropped > 0) this.#host.logger.warn({ dropped }, 'commands dropped by CLOSE')
    if (this.#socket.destroyed) return Promise.resolve()
    return new Promise(resolve => {
      const limit = setTimeout(() => this.#socket.destroy(), END_LIMIT_MS)
      this.#socket.once('close', () => {
        clearTimeout(limit)
        resolve()
      })
      this.#socket.end()
    })
  }

  #onData(bytes: string): void {
    if (this.#refused) return
    this.#lastByteAt = performance.now()
    const pieces = this.#splitter.push(bytes)
    this.#handle(pieces)
    if (this.#splitter.overflowed) {
      this.#refuse('ERR too-long\n', 'command is longer than the limit, closing')
      return
    }
    this.#watchTail(pieces.length > 0)
    if (this.#queue.length >= this.#host.settings.maxQueuedCommands || this.#socket.writableLength > MAX_UNREAD_BYTES) {
      this.#socket.pause()
    }
  }

  #watchTail(restarted: boolean): void {
    clearTimeout(this.#quiet)
    if (restarted || this.#splitter.tail === '') this.#stopLimit()
    if (this.#splitter.tail === '') return
    const { framing, quietMs } = this.#host.settings
    if (framing === 'tolerant') this.#quiet = setTimeout(() => this.#onQuiet(), quietMs)
    this.#startLimit()
  }

  // From the first byte of a command, or from the connection until it is authorized.
  #startLimit(): void {
    if (this.#limit !== undefined) return
    this.#beganAt = performance.now()
    this.#limit = setTimeout(() => this.#onTimeLimit(), this.#host.settings.commandTimeoutMs)
  }

  #stopLimit(): void {
    if (!this.#authorized) return
    clearTimeout(this.#limit)
    this.#limit = undefined
  }

  #onQuiet(): void {
    this.#handle(this.#splitter.quiet())
    if (this.#splitter.tail === '') this.#stopLimit()
  }

  #onTimeLimit(): void {
    this.#limit = undefined
    if (!this.#authorized) {
      this.#refuse('', 'client did not authorize in time, closing')
      return
    }
    const text = this.#splitter.tail
    this.#splitter.drop()
    this.#host.logger.warn(
      { bytes: text.length, text: text.slice(0, 200) },
      'command did not complete in time, dropped',
    )
    if (this.#lastByteAt - this.#beganAt > DRIP_MS) this.#socket.destroy()
  }

  #handle(pieces: readonly string[]): void {
    for (const piece of pieces) {
      if (this.#refused) return
      const builtIn = builtInOf(piece)
      if (!this.#authorized) this.#authorize(piece)
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
    const command = parseCommand(step.piece, this.#host.table)
    switch (command.kind) {
      case 'call':
        if (this.#host.logger.isLevelEnabled('info'))
          this.#host.logger.info({ pcomm: command.name }, 'command received')
        return this.#host.run(command, step.signal)
      case 'unknown':
        this.#budget.warn({ text: command.text.slice(0, 200) }, 'unknown command')
        return undefined
      case 'invalid':
        this.#budget.warn({ pcomm: command.name, reason: command.reason }, 'command ignored')
        return undefined
      case 'undecodable':
        this.#onDecodeError(step.piece)
        return undefined
      case 'blank':
        return undefined
    }
  }

  #onDecodeError(piece: string): void {
    const now = performance.now()
    if (now - this.#decodeErrorsSince > 1000) {
      this.#decodeErrorsSince = now
      this.#decodeErrors = 0
    }
    if (++this.#decodeErrors > MAX_DECODE_ERRORS_PER_S) {
      this.#refuse('', 'client sends garbage, closing')
      return
    }
    this.#budget.warn({ bytes: piece.length }, 'command is not text')
    this.send(`Was unable to decode msg=${pythonBytes(piece)} to ascii\n`)
  }

  #authorize(piece: string): void {
    this.#authorized = isAuthorized(piece, this.#host.token)
    if (this.#authorized) this.#stopLimit()
    else this.#refuse('', 'client is not authorized, closing')
  }

  #refuse(reply: string, why: string): void {
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
    clearTimeout(this.#quiet)
    clearTimeout(this.#limit)
    this.#budget.close()
  }
}
