import { setTimeout as delay } from 'node:timers/promises'
import { Emitter } from '../emitter.js'
import { DareplaneError, errorCode } from '../errors.js'
import { within } from '../system/within.js'
import { commandText } from './command-text.js'
import { describedCommands } from './described-commands.js'
import type { DescribedCommand } from './described-commands.js'
import { ModuleConnection } from './module-connection.js'
import type { Reply } from './module-replies.js'
import { ownCommands } from './module-replies.js'
import { clientOptions, connectOptions, waitOptions } from './module-client-options.js'
import type { ModuleClientOptions, ModuleConnectOptions, WaitOptions } from './module-client-options.js'
import { jobReportOf } from './job-report.js'
import type { ReportedJob } from './job-report.js'

/** How long the greeting is waited for: programs that are not of this family send none. */
const GREETING_MS = 1000
const LIST_MS = 1000
const JOBS_MS = 1000
const UP_MS = 1000
const PROBE_MS = 300
const STOP_LIMIT_MS = 5000
const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 2000

/** How a STOP ended. */
export interface StopOutcome {
  /**
   * `reported`: the module reported that its jobs have ended. `answered`: it does not report, and answered an UP that was sent
   * behind the STOP, as Python's servers do when they have joined their jobs. `silent`: neither in time, or not connected.
   */
  readonly outcome: 'reported' | 'answered' | 'silent'
  readonly tookMs: number
  /** Jobs that ran, and how many of them have ended; undefined where they are not reported. */
  readonly jobs?: number
  readonly ended?: number
}

/** What the module has said of each command. */
type Commands = ReadonlyMap<string, DescribedCommand>

/** What a ModuleClient tells. */
export interface ModuleClientEvents {
  /** Connected and greeted, at first or again. */
  up: []
  /** The connection is gone; it is sought again. */
  down: []
  /** What the module wants another module to do, as the control room would pass it on. */
  callback: [callback: { readonly module: string; readonly command: string; readonly payload: string }]
  /** The jobs of a module, whenever it has told them: it was asked, or stopped. */
  jobs: [jobs: readonly ReportedJob[]]
}

/**
 * Commands one module of any generation over one connection, which is made again when it is lost. A command is sent once or not
 * at all: nothing waits for a connection, nothing is repeated. Never throws for what the other end does. Main thread.
 */
export class ModuleClient extends Emitter<ModuleClientEvents> implements AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly #token: string | undefined
  readonly #isObserver: boolean
  #name: string | undefined
  #connection: ModuleConnection | undefined
  #commands: Commands = new Map()
  #jobs: readonly ReportedJob[] | undefined
  #keeping: Promise<void> | undefined
  /** Whether the module is a `DefaultServer` of this package, which tells its jobs when it is asked. */
  #answersJobs = false
  readonly #closing = new AbortController()

  /** Throws TypeError or RangeError naming the option. Nothing happens before {@link ModuleClient.connect}. */
  constructor(options: ModuleClientOptions) {
    super({ up: true, down: true, callback: true, jobs: true })
    const { host, port, name, token, observer } = clientOptions(options)
    this.host = host
    this.port = port
    this.#name = name
    this.#token = token
    this.#isObserver = observer
  }

  /** The name given, else that of the greeting, else the address. */
  get name(): string {
    return this.#name ?? `${this.host}:${this.port}`
  }

  get isConnected(): boolean {
    return this.#connection?.isOpen === true
  }

  /** The commands of the last list, without those that every server has. */
  get knownCommands(): readonly string[] {
    return [...this.#commands.keys()]
  }

  /** What the module has said of a command that it has. */
  descriptionOf(command: string): DescribedCommand | undefined {
    return this.#commands.get(command)
  }

  /** The jobs of a module that tells them, as it has last; undefined for one that does not. */
  get jobs(): readonly ReportedJob[] | undefined {
    return this.#jobs
  }

  /** Milliseconds since the module was heard from; Infinity: not since it was connected. */
  get silentMs(): number {
    return performance.now() - (this.#connection?.heardAt ?? -Infinity)
  }

  /**
   * Connects, again and again while the module starts. Rejects with ERR_TIMEOUT after `timeoutS` (default 5 s), or when `signal`
   * aborts, or with ERR_CLOSED. From then on the connection is kept, with growing pauses between the tries.
   */
  async connect(options?: ModuleConnectOptions): Promise<this> {
    const { timeoutS = 5, signal } = connectOptions(options)
    if (this.isConnected) return this
    const limits = [this.#closing.signal, ...(signal ? [signal] : [])]
    const limitMs = timeoutS * 1000
    if (limitMs < 2 ** 31) limits.push(AbortSignal.timeout(limitMs))
    const ended = AbortSignal.any(limits)
    const first = await this.#open(ended)
    if (first === undefined) {
      signal?.throwIfAborted()
      if (this.#closing.signal.aborted) throw new DareplaneError('ERR_CLOSED', `the client of ${this.name} is closed`)
      const message = `nobody answers on ${this.host}:${this.port} within ${timeoutS} s; is the module running?`
      throw new DareplaneError('ERR_TIMEOUT', message)
    }
    this.#keeping ??= this.#keep(first)
    return this
  }

  /** Asks for the commands, without those that every server has. Empty where the module does not answer. */
  async commands(): Promise<readonly string[]> {
    const connection = this.#connection
    if (connection !== undefined) await this.#learn(connection)
    return this.knownCommands
  }

  /**
   * Asks for the jobs that run. Resolves with {@link ModuleClient.jobs}: as before when no answer comes within `timeoutMs`, default
   * 1000. While a STOP is under way the answer waits for its end.
   */
  async askJobs(options?: WaitOptions): Promise<readonly ReportedJob[] | undefined> {
    const { timeoutMs = JOBS_MS } = waitOptions(options)
    if (this.#answersJobs && this.#connection !== undefined) await within(timeoutMs, this.#connection.jobs())
    return this.#jobs
  }

  /** Sends a command at once; false, and nothing is sent now or later, when there is no connection. Throws TypeError for what cannot be sent. */
  send(command: string, kwargs?: Readonly<Record<string, unknown>>): boolean {
    const text = commandText(command, kwargs)
    if (this.#connection?.isOpen !== true) return false
    this.#connection.command(text)
    return true
  }

  /** Sends STOP at once, past everything that waits, and resolves with what is known of its effect, after `timeoutMs` at the latest. */
  async stop(options?: WaitOptions): Promise<StopOutcome> {
    const { timeoutMs = STOP_LIMIT_MS } = waitOptions(options)
    const started = performance.now()
    const outcome = (rest: Omit<StopOutcome, 'tookMs'>): StopOutcome => ({
      ...rest,
      tookMs: performance.now() - started,
    })
    const connection = this.#connection
    if (connection?.isOpen !== true) return outcome({ outcome: 'silent' })
    if (this.#answersJobs) {
      const report = await within(timeoutMs, connection.jobs('STOP;'))
      return outcome(report?.stop ? { outcome: 'reported', ...report.stop } : { outcome: 'silent' })
    }
    // A module whose framing is not known gets both forms: STOP twice does no harm.
    if (connection.end !== 'packet') connection.write('STOP;')
    if (connection.end !== 'semicolon') connection.packet('STOP')
    const isAnswered = await within(
      timeoutMs,
      connection.up().then(() => connection.isOpen),
    )
    return outcome({ outcome: isAnswered === true ? 'answered' : 'silent' })
  }

  /** Milliseconds that an UP takes to be answered; undefined after `timeoutMs`, and when there is no connection. */
  async up(options?: WaitOptions): Promise<number | undefined> {
    const { timeoutMs = UP_MS } = waitOptions(options)
    const connection = this.#connection
    if (connection?.isOpen !== true) return undefined
    const started = performance.now()
    // While one is unanswered another would only wait behind it.
    const isUp =
      connection.unanswered > 0
        ? (await connection.reply(reply => reply.kind === 'up', timeoutMs)) !== undefined
        : await within(
            timeoutMs,
            connection.up().then(() => connection.isOpen),
          )
    return isUp === true ? performance.now() - started : undefined
  }

  /** Whether the module answers UP within a second. */
  async isUp(): Promise<boolean> {
    return (await this.up()) !== undefined
  }

  /** Leaves the module alone: its jobs run on. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#connection?.destroy()
    await this.#keeping
  }

  /** The same as {@link ModuleClient.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Tries until `signal` aborts. */
  async #open(signal: AbortSignal): Promise<ModuleConnection | undefined> {
    for (let pauseMs = FIRST_RETRY_MS; !signal.aborted; pauseMs = Math.min(2 * pauseMs, LONGEST_RETRY_MS)) {
      try {
        const connection = await ModuleConnection.open(this.host, this.port, signal)
        if (await this.#introduce(connection)) return connection
      } catch (error) {
        // Refused, reset, or aborted: tried again. What has no code is a mistake of ours, unless it is the abort.
        if (errorCode(error) === undefined) throw error
      }
      await delay(pauseMs, undefined, { signal }).catch(() => undefined)
    }
    return undefined
  }

  async #keep(first: ModuleConnection): Promise<void> {
    let connection: ModuleConnection | undefined = first
    while (connection !== undefined) {
      const { isOpen } = connection
      const current = connection
      if (isOpen) await new Promise<void>(resolve => current.once('close', () => resolve()))
      this.#connection = undefined
      if (this.#closing.signal.aborted) return
      this.emit('down')
      connection = await this.#open(this.#closing.signal)
    }
  }

  /** Reads the greeting, learns the commands, whether the module tells its jobs, and how its commands end. */
  async #introduce(connection: ModuleConnection): Promise<boolean> {
    connection.on('reply', reply => this.#hear(connection, reply))
    if (this.#token !== undefined) connection.write(`AUTH|${this.#token};`)
    const greeting = await connection.reply(
      (reply): reply is Extract<Reply, { kind: 'greeting' }> => reply.kind === 'greeting',
      GREETING_MS,
    )
    if (!connection.isOpen) return false
    if (greeting && this.#name === undefined) this.#name = greeting.name
    this.#jobs = undefined
    this.#answersJobs = false
    this.#connection = connection
    const { answersJobs } = await this.#learn(connection)
    if (answersJobs) await this.askJobs()
    else await this.#probeEnd(connection)
    if (this.isConnected) this.emit('up')
    return this.isConnected
  }

  async #learn(connection: ModuleConnection): Promise<{ readonly answersJobs: boolean }> {
    // A server of ours answers the introduction with what it knows of its commands, every other one that has a list with that.
    const introduction = `GET_PCOMMS|{"describe":true,"observer":${this.#isObserver}}`
    const isAnswered = (await this.#list(connection, introduction)) || (await this.#list(connection, 'GET_PCOMMS'))
    if (!isAnswered) this.#commands = new Map()
    return { answersJobs: this.#answersJobs }
  }

  async #list(connection: ModuleConnection, question: string): Promise<boolean> {
    connection.awaitList()
    connection.command(question)
    const isAnswer = (reply: Reply): reply is Reply => commandsOf(reply) !== undefined
    const reply = await connection.reply(isAnswer, LIST_MS)
    connection.forgetLists()
    return reply !== undefined
  }

  async #probeEnd(connection: ModuleConnection): Promise<void> {
    const isUp = (reply: Reply): reply is Extract<Reply, { kind: 'up' }> => reply.kind === 'up'
    connection.write('UP;')
    if ((await connection.reply(isUp, PROBE_MS)) !== undefined) {
      connection.end = 'semicolon'
      return
    }
    connection.packet('UP')
    if ((await connection.reply(isUp, PROBE_MS)) !== undefined) connection.end = 'packet'
  }

  /** What comes late, of a module that was held up, is learned as well. */
  #hear(connection: ModuleConnection, reply: Reply): void {
    const commands = commandsOf(reply)
    if (commands) this.#commands = commands
    if (reply.kind === 'callback') this.emit('callback', reply)
    else if (reply.kind === 'report') {
      if (commands) {
        // A command of that name is not asked as a question.
        this.#answersJobs = !commands.has('JOBS')
        connection.end = 'semicolon'
      }
      const jobs = jobReportOf(reply.report)?.running
      if (jobs === undefined) return
      this.#jobs = jobs
      this.emit('jobs', jobs)
    }
  }
}

/** The commands that a reply lists, undefined of any other reply. */
function commandsOf(reply: Reply): Commands | undefined {
  if (reply.kind === 'commands') return new Map(ownCommands(reply.names).map(name => [name, { name, description: '' }]))
  return reply.kind === 'report' ? describedCommands(reply.report) : undefined
}
