import { EventEmitter } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { DeliveredNumbers } from './delivered-numbers.js'
import { MAX_FRAME_BYTES, encodeFrame } from './frame.js'
import { listenError } from '../listen-error.js'
import { LogClient } from './log-client.js'
import type { Reception } from './log-client.js'
import { LogFile } from './log-file.js'
import type { Rotation } from './log-file.js'
import { recordBody } from './record-body.js'
import type { ReceivedRecord } from './received-record.js'
import { colouredLine, recordLine } from './record-line.js'
import { LEVELS, levelNamed } from './levels.js'
import { unixTimeS } from './wall-clock.js'

export interface LogRecordSocketReceiverOptions {
  /** The address to listen on, default 127.0.0.1: whoever reaches it can write to the log. */
  readonly host?: string
  /** Default 9020, where all senders look; 0 takes any free port. */
  readonly port?: number
  /** The file that records are appended to, default `default_socket.log`; null for none. */
  readonly logfile?: string | null
  /** Put the file aside when it has a size; default never. */
  readonly rotation?: Rotation
  /** Print the records to stderr, coloured, as Python's receiver does; default false. */
  readonly console?: boolean
  /** Leave out records below this level, default none: a pino or Python name, or Python's number. */
  readonly level?: string | number
  /** Refuse longer frames and hang up, default 8 MiB. */
  readonly maxFrameBytes?: number
}

interface Events {
  /** A record of any level, in the order of its client. `record.message` is the formatted text. */
  record: [record: ReceivedRecord]
  /** Connections are accepted from now on; `port` is known. */
  listening: []
}

/** How many clients may wait to be accepted. */
const BACKLOG = 128

/**
 * The log server: takes the records of Python's and of our loggers from any number of clients, and writes the lines that
 * Python's server writes. Main thread; never blocks but to print.
 */
export class LogRecordSocketReceiver extends EventEmitter<Events> implements AsyncDisposable {
  readonly #host: string
  readonly #port: number
  readonly #file: LogFile | undefined
  readonly #isPrinting: boolean
  readonly #leastLevelno: number
  readonly #maxFrameBytes: number
  readonly #server: Server = createServer({ noDelay: true, allowHalfOpen: true })
  readonly #clients = new Set<LogClient>()
  #accepted = 0
  readonly #followers = new Set<LogClient>()
  readonly #delivered = new DeliveredNumbers()
  #serving: Promise<void> | undefined
  #starting: Promise<void> | undefined
  #closing: Promise<void> | undefined

  constructor(options: LogRecordSocketReceiverOptions = {}) {
    super()
    const { host = '127.0.0.1', port = 9020, logfile = 'default_socket.log', rotation } = options
    const { console = false, level, maxFrameBytes = MAX_FRAME_BYTES } = options
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      throw new RangeError(`port must be an integer from 0 to 65535, got ${port}`)
    }
    if (!Number.isInteger(maxFrameBytes) || maxFrameBytes < 1024 || maxFrameBytes > 2 ** 30) {
      throw new RangeError(`maxFrameBytes must be an integer from 1024 to 2^30, got ${maxFrameBytes}`)
    }
    if (rotation && !/^[1-9]\d*[BKMG]$/.test(rotation.size)) {
      throw new RangeError(`rotation.size must be a number and B, K, M or G, got ${JSON.stringify(rotation.size)}`)
    }
    const least = level === undefined ? undefined : LEVELS.find(({ pino }) => pino === levelNamed(level))
    if (level !== undefined && !least)
      throw new RangeError(`level must be the name of a level, got ${JSON.stringify(level)}`)

    this.#host = host
    this.#port = port
    this.#isPrinting = console
    this.#leastLevelno = least?.levelno ?? -Infinity
    this.#maxFrameBytes = maxFrameBytes
    if (logfile !== null) this.#file = new LogFile(logfile, { rotation, onDrain: () => this.#resume() })
  }

  /** The port it listens on, once it does. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? this.#port
  }

  /**
   * Listens; resolves when the receiver was closed. Rejects with ERR_PORT_IN_USE when the port is taken, ERR_FILE_INVALID when
   * the file cannot be opened.
   */
  serveUntilStopped(): Promise<void> {
    return (this.#serving ??= this.#serve())
  }

  /** Stops accepting, writes what has arrived, closes all connections and the file. Idempotent. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #serve(): Promise<void> {
    const stopped = new Promise<void>(resolve => this.#server.once('close', resolve))
    this.#starting = this.#start()
    await this.#starting
    this.emit('listening')
    await stopped
    await this.#closing
  }

  async #start(): Promise<void> {
    this.#server.on('connection', socket => this.#accept(socket))
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject)
        this.#server.listen({ host: this.#host, port: this.#port, backlog: BACKLOG }, resolve)
      })
    } catch (cause) {
      throw listenError(cause, this.#host, this.#port)
    }
    try {
      // After the port: whoever has that may have the file too, and it must not be put aside under him.
      await this.#file?.open()
    } catch (error) {
      await this.#hangUp()
      throw error
    }
  }

  #accept(socket: Socket): void {
    const client = new LogClient(socket, {
      maxFrameBytes: this.#maxFrameBytes,
      take: (receptions, onKept) => this.#take(receptions, onKept),
      warn: text => this.#warn(text),
      isCongested: () => this.#file?.isCongested ?? false,
      wantsRecords: () => this.#followers.size > 0 || this.listenerCount('record') > 0,
      addFollower: follower => void this.#followers.add(follower),
    })
    this.#clients.add(client)
    this.#accepted++
    void client.ended.then(() => {
      this.#clients.delete(client)
      this.#followers.delete(client)
    })
  }

  async #close(): Promise<void> {
    // What is just being opened can be closed only then; that it failed, its caller is told.
    await this.#starting?.catch(() => undefined)
    await this.#hangUp()
    await this.#file?.close()
  }

  async #hangUp(): Promise<void> {
    await this.#acceptWaiting()
    const stopped = new Promise<void>(resolve => this.#server.close(() => resolve()))
    for (const client of this.#clients) client.close()
    await stopped
  }

  /** Who has connected already is heard. A turn of the loop accepts one; the first may be the end of one under way. */
  async #acceptWaiting(): Promise<void> {
    for (let turn = 0, idle = 0; turn < BACKLOG && idle < 2; turn++) {
      const before = this.#accepted
      await new Promise(setImmediate)
      idle = this.#accepted === before ? idle + 1 : 0
    }
  }

  #take(receptions: readonly Reception[], onKept: () => void): void {
    let lines = ''
    let printed = ''
    let records = 0
    for (const { record, parts, levelno, delivery } of receptions) {
      if (delivery && !this.#delivered.isNew(delivery)) continue
      if (record) this.#show(record)
      if (levelno < this.#leastLevelno) continue
      lines += `${recordLine(parts)}\n`
      if (this.#isPrinting) printed += `${colouredLine(parts)}\n`
      records++
    }
    if (printed !== '') process.stderr.write(printed)
    if (this.#file && records > 0) this.#file.append(lines, records, onKept)
    else onKept()
  }

  #show(record: ReceivedRecord): void {
    this.emit('record', record)
    if (this.#followers.size === 0) return
    const frame = encodeFrame(recordBody({ ...record, msg: record.message }, ['', 0]))
    for (const follower of this.#followers) follower.show(frame)
  }

  #warn(text: string): void {
    const created = unixTimeS()
    const parts = { name: 'dareplane.logging', levelname: 'WARNING', created, msecs: (created % 1) * 1000, text }
    if (this.#isPrinting) process.stderr.write(`${colouredLine(parts)}\n`)
    this.#file?.append(`${recordLine(parts)}\n`, 1, () => undefined)
  }

  #resume(): void {
    for (const client of this.#clients) client.resume()
  }
}
