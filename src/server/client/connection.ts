import type { Socket } from 'node:net'
import { Authorization } from './authorization.js'
import { ClientCommands, type CommandHost } from './client-commands.js'
import { CommandReception, type ReceptionLimits } from './command-reception.js'
import { builtInOf } from '../wire/built-in.js'
import { Fifo } from '../../system/fifo.js'
import { readinessOf } from '../wire/command.js'
import { unreadBytes } from '../../system/unread-bytes.js'

/** Answers that a client has not read; what comes beyond is dropped. */
const MAX_UNREAD_BYTES = 1 << 20
/** Answers to one packet leave in one, unless they are longer. */
const MAX_HELD_BYTES = 1 << 16
/** How long what one client has sent is taken before the event loop turns, and so many pieces at a time. */
const SLICE_MS = 1
const BATCH = 16
/** How long a closing connection may take to hand over what was written. */
const END_LIMIT_MS = 250

/** What a connection needs of its server. */
export interface ConnectionHost extends CommandHost {
  readonly settings: CommandHost['settings'] & ReceptionLimits
  readonly token: string | undefined
}

/** One client: its bytes become commands, whose answers it gets. It is read from whatever it does, so that STOP is heard. */
export class Connection {
  /** When it began, on the clock of performance.now(). */
  readonly connectedAt: number = performance.now()
  readonly commands: ClientCommands
  readonly #socket: Socket
  readonly #host: ConnectionHost
  readonly #reception: CommandReception
  readonly #authorization: Authorization
  /** What has come and was not taken yet, in order. */
  readonly #pieces = new Fifo<string>()
  #answers = ''
  #droppedAnswers = 0
  #refused = false
  #isHandling = false
  #ending: Promise<void> | undefined

  constructor(socket: Socket, host: ConnectionHost) {
    this.#socket = socket
    this.#host = host
    const { settings, table } = host
    this.commands = new ClientCommands(host, {
      answer: text => this.#answer(text),
      refuse: why => this.#refuse(why),
      onTurn: () => this.#onTurn(),
    })
    this.#reception = new CommandReception(settings, piece => readinessOf(piece, table), {
      onPieces: pieces => this.#guarded(() => this.#handle(pieces)),
      onOverflow: () => this.#refuse('command is longer than the limit, closing', 'ERR too-long\n'),
      onStale: (text, isDripping) => this.#onStale(text, isDripping),
    })

    socket.setEncoding('latin1')
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 10_000)
    socket.on('data', bytes => this.#guarded(() => this.#onData(bytes as unknown as string)))
    socket.on('end', () => this.#reception.end())
    socket.on('drain', () => this.#onDrain())
    socket.on('error', err => host.logger.info({ err }, 'connection reset'))
    socket.on('close', () => this.#onClose())
    socket.write(`Connected to ${settings.name}\n`)
    this.#authorization = new Authorization(host.token, settings.commandTimeoutMs, () =>
      this.#refuse('client did not authorize in time, closing'),
    )
  }

  /** Sends text as it is, at once; false when the client is gone or has left too much unread. */
  send(text: string): boolean {
    if (!this.#socket.writable || this.#socket.writableLength > MAX_UNREAD_BYTES) return false
    this.#socket.write(text)
    return true
  }

  /** Whether the client is seen not to have read all that it was sent. */
  get hasUnread(): boolean {
    return (unreadBytes(this.#socket) ?? 0) > 0
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

  /** Whether the client may command, and is called back. */
  get isAuthorized(): boolean {
    return this.#authorization.granted
  }

  /** Forgets commands that have come and not begun; answers how many. */
  dropCommands(): number {
    const waiting = this.commands.drop()
    // While a packet is handled, the pieces that wait stand behind the STOP in that packet: they came after it.
    if (this.#isHandling) return waiting
    const pieces = this.#pieces.takeAll()
    const builtIns = pieces.filter(piece => builtInOf(piece) !== undefined)
    for (const piece of builtIns) this.#pieces.push(piece)
    return waiting + pieces.length - builtIns.length + (this.#reception.dropComplete() ? 1 : 0)
  }

  #onData(bytes: string): void {
    if (this.#refused) return
    this.#reception.push(bytes)
    this.#onTurn()
  }

  #onStale(text: string, isDripping: boolean): void {
    // Before the client is authorized, the text may be a part of its token, which is not logged.
    const said = this.#authorization.granted ? { text: text.slice(0, 200) } : {}
    this.#host.logger.warn({ bytes: text.length, ...said }, 'command did not complete, dropped')
    if (isDripping) this.#socket.destroy()
  }

  #handle(pieces: readonly string[]): void {
    const isWaiting = this.#pieces.length > 0
    for (const piece of pieces) this.#pieces.push(piece)
    if (!isWaiting) this.#handleSome()
  }

  /** Takes what has come for a slice, the rest in later turns: a packet may hold thousands of commands, and others are to be heard. */
  #handleSome(): void {
    const endsAt = performance.now() + SLICE_MS
    do {
      this.#handleBatch()
    } while (this.#pieces.length > 0 && performance.now() < endsAt)
    this.#flush()
    if (this.#pieces.length > 0) setImmediate(() => this.#guarded(() => this.#handleSome()))
    this.#onTurn()
  }

  #handleBatch(): void {
    const batch: string[] = []
    for (let piece = this.#pieces.shift(); piece !== undefined; piece = this.#pieces.shift()) {
      if (this.#authorization.granted) batch.push(piece)
      else if (!this.#authorization.hear(piece)) this.#refuse('client is not authorized, closing')
      if (this.#refused || batch.length === BATCH) break
    }
    if (this.#refused) {
      this.#pieces.takeAll()
      return
    }
    this.#isHandling = true
    try {
      this.commands.handle(batch)
    } finally {
      this.#isHandling = false
    }
  }

  #answer(text: string): void {
    if (this.#answers.length > MAX_HELD_BYTES) this.#flush()
    if (this.#answers === '') queueMicrotask(() => this.#flush())
    if (this.#answers.length + this.#socket.writableLength <= MAX_UNREAD_BYTES) this.#answers += text
    else if (this.#droppedAnswers++ === 0) {
      this.#host.logger.warn({ peer: this.#socket.remoteAddress }, 'client does not read its answers, more are dropped')
    }
  }

  #flush(): void {
    if (this.#answers === '' || !this.#socket.writable) return
    const isTaken = this.#socket.write(this.#answers)
    this.#answers = ''
    if (isTaken) this.#tellDroppedAnswers()
  }

  #refuse(why: string, reply = ''): void {
    // Commands that came earlier may call this again with another reason.
    if (this.#refused) return
    this.#host.logger.warn({ peer: this.#socket.remoteAddress }, why)
    this.#answer(reply)
    this.#flush()
    // What still comes is read and forgotten: closing over unread bytes would reset the connection and lose the reply.
    this.#refused = true
    void this.end()
  }

  /** Runs what takes bytes of the client. A fault of ours that they reach ends this connection alone. */
  #guarded(take: () => void): void {
    try {
      take()
    } catch (err) {
      this.#host.logger.error({ err }, 'a client cannot be served, its connection is closed')
      this.#socket.destroy()
    }
  }

  #onTurn(): void {
    if (this.commands.isCrowded || this.#pieces.length > 0) this.#socket.pause()
    else if (this.#socket.isPaused()) this.#socket.resume()
  }

  #onDrain(): void {
    this.#tellDroppedAnswers()
    this.#host.clientChanged()
  }

  #tellDroppedAnswers(): void {
    if (this.#droppedAnswers === 0) return
    this.#host.logger.warn({ dropped: this.#droppedAnswers }, 'answers were dropped, the client did not read them')
    this.#droppedAnswers = 0
  }

  #onClose(): void {
    this.#authorization.close()
    this.#reception.close()
    this.commands.close()
    this.#tellDroppedAnswers()
  }
}
