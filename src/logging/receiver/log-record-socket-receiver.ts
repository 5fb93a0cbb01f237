import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { Emitter } from '../../emitter.js'
import { flag, nonEmpty, options, orNull, port, whole } from '../../check.js'
import { DeliveredNumbers } from './delivered-numbers.js'
import { MAX_FRAME_BYTES, frameOfBytes } from '../wire/frame.js'
import { BACKLOG, listen } from '../../system/listen.js'
import { SenderConnection } from './sender-connection.js'
import type { Arrival } from './sender-connection.js'
import { LogFile } from './log-file.js'
import type { LogLine } from './log-file.js'
import { ROTATION } from './rotation.js'
import type { Rotation } from './rotation.js'
import type { ReceivedRecord } from './received-record.js'
import { colouredLine, recordLine } from '../wire/record-line.js'
import { LEVELS, level as levelCheck, levelNamed } from '../wire/levels.js'
import { CONSOLE_COLOURS, printLines } from '../console-output.js'
import { unixTimeS } from '../wall-clock.js'

/** What all frames that have not ended may take up together. An honest client's ends soon, so the one that is silent longest goes. */
const MOST_UNFINISHED = 64 * 1024 * 1024

/** Where a log server listens, and what it does with the records. */
export interface LogRecordSocketReceiverOptions {
  /** The address to listen on, default 127.0.0.1: whoever reaches it can write to the log. */
  readonly host?: string
  /** Default 9020, where all senders look; 0 takes any free port. */
  readonly port?: number
  /** The file that records are appended to, default `default_socket.log`; null for none. */
  readonly logfile?: string | null
  /** Put the file aside when it has a size; default never. */
  readonly rotation?: Rotation
  /** Print the records to stderr, on a terminal coloured as Python's receiver does; default false. */
  readonly console?: boolean
  /** Leave out records below this level, default none: a pino or Python name, or Python's number. */
  readonly level?: string | number
  /** Refuse longer frames and hang up, default 8 MiB. */
  readonly maxFrameBytes?: number
}

const checked = options<LogRecordSocketReceiverOptions>(
  'LogRecordSocketReceiver',
  "new LogRecordSocketReceiver({ port: 9020, logfile: 'experiment.log' })",
  {
    host: nonEmpty,
    port,
    logfile: orNull(nonEmpty),
    rotation: ROTATION,
    console: flag,
    level: levelCheck,
    maxFrameBytes: whole({ from: 1024, to: 2 ** 30 }),
  },
)

const consoleLine = CONSOLE_COLOURS ? colouredLine : recordLine

/** What a log server tells. */
export interface LogReceiverEvents {
  /** A record of any level, in the order of its client. `record.message` is the formatted text. */
  record: [record: ReceivedRecord]
  /** Connections are accepted from now on; `port` is known. */
  listening: []
}

/**
 * The log server: takes the records of Python's and of our loggers from any number of clients, and writes the lines that
 * Python's server writes. Main thread; never blocks but to print.
 */
export class LogRecordSocketReceiver extends Emitter<LogReceiverEvents> implements AsyncDisposable {
  readonly #host: string
  readonly #port: number
  readonly #file: LogFile | undefined
  readonly #isPrinting: boolean
  readonly #leastLevelno: number
  readonly #maxFrameBytes: number
  readonly #server: Server = createServer({ noDelay: true, allowHalfOpen: true })
  readonly #clients = new Set<SenderConnection>()
  #accepted = 0
  readonly #followers = new Set<SenderConnection>()
  readonly #delivered = new DeliveredNumbers()
  #serving: Promise<void> | undefined
  #starting: Promise<void> | undefined
  #closing: Promise<void> | undefined

  constructor(options?: LogRecordSocketReceiverOptions) {
    super({ record: true, listening: true })
    const { host = '127.0.0.1', port = 9020, logfile = 'default_socket.log', ...others } = checked(options)
    const { rotation, console = false, level, maxFrameBytes = MAX_FRAME_BYTES } = others
    const least = level === undefined ? undefined : LEVELS.find(({ pino }) => pino === levelNamed(level))

    this.#host = host
    this.#port = port
    this.#isPrinting = console
    this.#leastLevelno = least?.levelno ?? -Infinity
    this.#maxFrameBytes = maxFrameBytes
    if (logfile !== null)
      this.#file = new LogFile(logfile, {
        rotation,
        onDrain: () => this.#resume(),
        tell: text => printLines(`dareplane: ${text}\n`),
      })
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

  /** For `await using`: the same as {@link LogRecordSocketReceiver.close}. */
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
    const onError = ({ message }: Error, count: number): void =>
      this.#warn(`cannot accept ${count === 1 ? 'a connection' : `${count} connections`}: ${message}`)
    await listen(this.#server, this.#host, this.#port, onError)
    // Before anyone is accepted, and after the port: until then the file may be another server's.
    for (const delivery of this.#file?.recall() ?? []) this.#delivered.isNew(delivery)
    try {
      // After the port: whoever has that may have the file too, and it must not be put aside under him.
      await this.#file?.open()
    } catch (error) {
      await this.#hangUp()
      throw error
    }
  }

  #accept(socket: Socket): void {
    const client = new SenderConnection(socket, {
      maxFrameBytes: this.#maxFrameBytes,
      take: (arrivals, onKept) => this.#take(arrivals, onKept),
      onGrown: () => this.#limitUnfinished(),
      warn: text => this.#warn(text),
      isCongested: () => this.#file?.isCongested ?? false,
      wantsRecords: () => this.listenerCount('record') > 0,
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

  #limitUnfinished(): void {
    let bytes = 0
    for (const client of this.#clients) bytes += client.unfinishedBytes
    if (bytes <= MOST_UNFINISHED) return
    const [stalest] = [...this.#clients]
      .filter(client => client.unfinishedBytes > 0)
      .sort((a, b) => a.readAtMs - b.readAtMs)
    stalest?.refuse(`a frame that did not end was given up, all of them took up ${bytes} bytes`)
  }

  #take(arrivals: readonly Arrival[], onKept: () => void): void {
    const shown: Buffer[] = []
    const lines: LogLine[] = []
    let printed = ''
    for (const { record, body, parts, levelno, delivery } of arrivals) {
      if (delivery && !this.#delivered.isNew(delivery)) continue
      if (record) this.emit('record', record)
      if (this.#followers.size > 0) shown.push(frameOfBytes(body))
      if (levelno < this.#leastLevelno) continue
      lines.push({ text: `${recordLine(parts)}\n`, delivery })
      if (this.#isPrinting) printed += `${consoleLine(parts)}\n`
    }
    if (printed !== '') printLines(printed)
    if (shown.length > 0) this.#show(Buffer.concat(shown))
    if (this.#file && lines.length > 0) this.#file.append(lines, onKept)
    else onKept()
  }

  /** Records go on as they came: what was read once can be read again, whatever it holds. */
  #show(frames: Buffer): void {
    for (const follower of this.#followers) follower.show(frames)
  }

  #warn(text: string): void {
    const created = unixTimeS()
    const parts = { name: 'dareplane.logging', levelname: 'WARNING', created, msecs: (created % 1) * 1000, text }
    if (this.#isPrinting) printLines(`${consoleLine(parts)}\n`)
    this.#file?.append([{ text: `${recordLine(parts)}\n` }], () => undefined)
  }

  #resume(): void {
    for (const client of this.#clients) client.resume()
  }
}
