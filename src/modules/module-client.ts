import { Emitter } from '../emitter.js'
import { DareplaneError } from '../errors.js'
import { within } from '../system/within.js'
import { commandText } from './command-text.js'
import type { DescribedCommand } from './described-commands.js'
import { KnownModule } from './known-module.js'
import type { ModuleConnection } from './module-connection.js'
import { clientOptions, connectOptions, waitOptions } from './module-client-options.js'
import type { ModuleClientOptions, ModuleConnectOptions, WaitOptions } from './module-client-options.js'
import type { ReportedJob } from './job-report.js'
import { openConnection } from './open-connection.js'

const JOBS_MS = 1000
const UP_MS = 1000
const STOP_LIMIT_MS = 5000

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
  readonly #givenName: string | undefined
  readonly #known: KnownModule
  #connection: ModuleConnection | undefined
  #keeping: Promise<void> | undefined
  readonly #closing = new AbortController()

  /** Throws TypeError or RangeError naming the option. Nothing happens before {@link ModuleClient.connect}. */
  constructor(options: ModuleClientOptions) {
    super({ up: true, down: true, callback: true, jobs: true })
    const { host, port, name, token, observer } = clientOptions(options)
    this.host = host
    this.port = port
    this.#givenName = name
    const jobsTold = (jobs: readonly ReportedJob[]): void => void this.emit('jobs', jobs)
    this.#known = new KnownModule({ token, isObserver: observer, jobsTold })
  }

  /** The name given, else that of the greeting, else the address. */
  get name(): string {
    return this.#givenName ?? this.#known.name ?? `${this.host}:${this.port}`
  }

  get isConnected(): boolean {
    return this.#connection?.isOpen === true
  }

  /** The commands of the last list, without those that every server has. */
  get knownCommands(): readonly string[] {
    return [...this.#known.commands.keys()]
  }

  /** What the module has said of a command that it has. */
  descriptionOf(command: string): DescribedCommand | undefined {
    return this.#known.commands.get(command)
  }

  /** The jobs of a module that tells them, as it has last; undefined for one that does not. */
  get jobs(): readonly ReportedJob[] | undefined {
    return this.#known.jobs
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
    if (connection !== undefined) await this.#known.learn(connection)
    return this.knownCommands
  }

  /**
   * Asks for the jobs that run. Resolves with {@link ModuleClient.jobs}: as before when no answer comes within `timeoutMs`, default
   * 1000. While a STOP is under way the answer waits for its end.
   */
  async askJobs(options?: WaitOptions): Promise<readonly ReportedJob[] | undefined> {
    const { timeoutMs = JOBS_MS } = waitOptions(options)
    const connection = this.#connection
    if (this.#known.answersJobs && connection !== undefined) await within(timeoutMs, connection.jobs())
    return this.jobs
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
    if (this.#known.answersJobs) {
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

  #open(signal: AbortSignal): Promise<ModuleConnection | undefined> {
    return openConnection(this, signal, connection => this.#introduce(connection))
  }

  async #introduce(connection: ModuleConnection): Promise<boolean> {
    connection.on('reply', reply => {
      if (reply.kind === 'callback') this.emit('callback', reply)
    })
    if (!(await this.#known.greet(connection))) return false
    this.#connection = connection
    await this.#known.learn(connection)
    if (this.#known.answersJobs) await this.askJobs()
    else await this.#known.probeEnd(connection)
    if (this.isConnected) this.emit('up')
    return this.isConnected
  }
}
