import type { Logger } from 'pino'
import { CommandQueue } from '../command-queue.js'
import type { CommandTable } from '../command-table.js'
import { Complaints } from './complaints.js'
import { describeCommands } from '../describe.js'
import { Refusals } from './refusals.js'
import { asciiJson } from '../wire/ascii-json.js'
import { isBlank } from '../wire/blank.js'
import { builtInOf } from '../wire/built-in.js'
import { parseCommand, type Command } from '../wire/command.js'
import { introductionOf, questionOf, type Question } from '../wire/question.js'
import { pythonBytes } from '../../python/repr.js'

/** What the commands of a client need of its server. */
export interface CommandHost {
  readonly settings: { readonly name: string; readonly maxQueuedCommands: number }
  readonly table: CommandTable
  readonly logger: Logger
  /** The signal that the next STOP aborts. */
  stopSignal(): AbortSignal
  /** Stops everything now, and drops what waits; resolves when all jobs are gone. */
  stop(): Promise<void>
  /** Resolves when no STOP is under way, with what runs and how the last STOP has ended. */
  jobs(): Promise<object>
  close(): void
  /** The client has said something, or reads again what it is sent: it may be called back. */
  clientChanged(): void
  readonly run: (call: Extract<Command, { kind: 'call' }>, signal: AbortSignal) => Promise<void> | undefined
}

/** What the commands of a client need of its connection. */
export interface CommandClient {
  /** Sends an answer, unless the client has left too many unread. */
  answer(text: string): void
  /** Closes the connection. */
  refuse(why: string): void
  /** Waiting commands were run, or are held up. */
  onTurn(): void
}

/** A client that asks UP more often than that is no control room that looks whether the module is there. */
const SELDOM_MS = 1000

type Step = { readonly piece: string; readonly signal: AbortSignal } | { readonly stopped: Promise<void> }

/** The commands of one client, run in order; what the server answers itself is heard at once, however many wait. */
export class ClientCommands {
  readonly #host: CommandHost
  readonly #client: CommandClient
  readonly #queue: CommandQueue<Step>
  readonly #complaints: Complaints
  readonly #refusals: Refusals
  #isRetired = false
  #isObserver = false
  #heardAt: number | undefined
  #listedAt = -Infinity
  #upAt = -Infinity
  #seldomUpAt = -Infinity

  constructor(host: CommandHost, client: CommandClient) {
    this.#host = host
    this.#client = client
    this.#complaints = new Complaints(host.logger)
    this.#refusals = new Refusals(host.logger)
    this.#queue = new CommandQueue({
      limit: host.settings.maxQueuedCommands,
      step: step => this.#run(step),
      onTurn: () => this.#onTurn(),
    })
  }

  /** When it first said anything but GET_PCOMMS, on the clock of performance.now(). */
  get heardAt(): number | undefined {
    return this.#heardAt
  }

  /** When it last got the list of commands. */
  get listedAt(): number {
    return this.#listedAt
  }

  /** When it last asked UP after a second in which it had not. */
  get seldomUpAt(): number {
    return this.#seldomUpAt
  }

  /** Whether the client only looks on: it gets no callbacks, and that it is there keeps no job alive. */
  get isObserver(): boolean {
    return this.#isObserver
  }

  /** True while the client should not be read from: there will be room soon. */
  get isCrowded(): boolean {
    return this.#queue.isCrowded
  }

  /** Takes pieces of the stream, in order, and runs for a moment. */
  handle(pieces: readonly string[]): void {
    for (const piece of pieces) this.#take(piece)
    this.#queue.run()
  }

  /** Forgets what waits; answers how many commands that were. */
  drop(): number {
    this.#refusals.close()
    return this.#queue.clear().filter(step => 'piece' in step).length
  }

  /** No more commands are run, but what the server answers itself is answered. */
  retire(): void {
    this.#isRetired = true
  }

  /** The client has gone: says what was not said. What waits is run. */
  close(): void {
    this.#complaints.close()
  }

  #take(piece: string): void {
    const builtIn = builtInOf(piece)
    if (builtIn === undefined && isBlank(piece)) return
    if (builtIn !== 'GET_PCOMMS' && this.#heardAt === undefined) {
      this.#heardAt = performance.now()
      this.#host.clientChanged()
    }
    if (builtIn === undefined) this.#call(piece)
    else if (builtIn === 'UP') this.#up()
    else if (builtIn === 'GET_PCOMMS') this.#list(piece)
    else {
      // What came before it and is free to begin has begun, however the network has packed them.
      this.#queue.run()
      if (builtIn === 'STOP') this.#queue.push({ stopped: this.#host.stop() })
      else this.#host.close()
    }
  }

  #up(): void {
    const now = performance.now()
    if (now - this.#upAt > SELDOM_MS) this.#seldomUpAt = now
    this.#upAt = now
    this.#client.answer('1')
  }

  #call(piece: string): void {
    const question = questionOf(piece)
    if (question !== undefined && !this.#host.table.has(question)) this.#answer(question)
    else if (this.#isRetired) this.#complaints.retired(piece)
    else if (!this.#queue.offer({ piece, signal: this.#host.stopSignal() })) this.#refusals.add(this.#queue.length)
  }

  #list(piece: string): void {
    const introduction = introductionOf(piece)
    if (introduction !== undefined) {
      this.#isObserver = introduction.isObserver
      this.#answer('DESCRIBE')
      return
    }
    this.#client.answer([...this.#host.table.keys(), 'STOP', 'CLOSE'].join('|'))
    this.#listedAt = performance.now()
    this.#host.clientChanged()
  }

  #answer(question: Question): void {
    const { table, settings } = this.#host
    if (question === 'DESCRIBE') this.#client.answer(describeCommands(settings.name, table))
    else void this.#host.jobs().then(answer => this.#client.answer(`${asciiJson(answer)}\n`))
  }

  #run(step: Step): Promise<void> | undefined {
    if ('stopped' in step) return step.stopped
    const { table, run } = this.#host
    const command = parseCommand(step.piece, table)
    if (command.kind === 'call') return run(command, step.signal)
    if (!this.#complaints.hear(command, step.piece)) this.#client.refuse('client sends garbage, closing')
    else if (command.kind === 'undecodable') {
      this.#client.answer(`Was unable to decode msg=${pythonBytes(step.piece)} to ascii\n`)
    }
    return undefined
  }

  #onTurn(): void {
    if (this.#queue.length === 0) this.#refusals.close()
    this.#client.onTurn()
  }
}
