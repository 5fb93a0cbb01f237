import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { DareplaneError } from '../errors.js'
import { getLogger } from '../logging/get-logger.js'
import type { WorkerJob } from '../workers/jobs/worker-job.js'
import type { SubprocessJob } from '../workers/jobs/subprocess-job.js'
import { CommandRunner } from './command-runner.js'
import { CommandTable, type CommandServer } from './command-table.js'
import { Connection, type ConnectionHost } from './client/connection.js'
import { DescriptorWatch } from './descriptor-watch.js'
import { JobTable } from './job-table.js'
import { listen } from '../system/listen.js'
import { Stops } from './stops.js'
import { settingsOf, type DefaultServerOptions, type ServerSettings } from './server-options.js'

const LOOPBACK = /^(127\.|::1$|localhost$)/

/**
 * The TCP command server of a Dareplane module: clients call the handlers of `pcommandMap` by name; what a handler starts
 * is stopped by STOP. No client, handler or byte takes it down. Main thread; nothing blocks.
 *
 * @example
 * ```ts
 * import { DefaultServer } from 'dareplane-utils'
 *
 * const server = new DefaultServer({ port: 8080, name: 'hello' })
 * server.pcommandMap.set('GREET', ({ name = 'nobody' }) => console.log(`hello, ${String(name)}`))
 * await server.startListening()
 * ```
 */
export class DefaultServer implements CommandServer, AsyncDisposable {
  /** The commands by name; may be filled at any time. Refuses the names that the server answers itself. */
  readonly pcommandMap: CommandTable
  protected readonly logger: Logger
  /** @internal */
  protected readonly connections = new Set<Connection>()
  readonly #settings: ServerSettings
  readonly #jobs: JobTable
  readonly #runner: CommandRunner
  readonly #stops: Stops
  readonly #host: ConnectionHost
  readonly #net: Server
  readonly #descriptors: DescriptorWatch
  readonly #closed: Promise<void>
  #initialized: Promise<void> | undefined
  #listening = false
  #early: Socket[] = []
  #shutdown: Promise<void> | undefined

  constructor(options: DefaultServerOptions = {}) {
    this.#settings = settingsOf(options)
    this.logger = options.logger ?? getLogger(this.#settings.name, { addConsoleHandler: 'terminal' })
    this.pcommandMap = new CommandTable(options.pcommandMap)
    this.#jobs = new JobTable(this.logger)
    const { handlerTimeoutMs } = this.#settings
    this.#runner = new CommandRunner(this, this.pcommandMap, this.#jobs, this.logger, handlerTimeoutMs)
    this.#stops = new Stops(this.#jobs, this.#runner, err =>
      this.logger.error({ err }, 'a listener of the signal of a command failed'),
    )
    this.#host = {
      settings: this.#settings,
      table: this.pcommandMap,
      token: options.token,
      logger: this.logger,
      stopSignal: () => this.#stops.signal,
      stop: () => this.#stopAll(),
      jobs: async () => ({ stop: (await this.#stops.over()) ?? null, running: this.#jobs.running() }),
      clientChanged: () => this.clientsChanged(),
      close: () => void this.shutdown(),
      run: (call, signal) => this.#runner.run(call, signal),
    }
    this.#descriptors = new DescriptorWatch(this.logger)
    this.#net = createServer({ pauseOnConnect: true }, socket => this.#accept(socket))
    this.#net.maxConnections = this.#settings.maxConnections
    this.#net.on('drop', data => this.logger.warn({ peer: data?.remoteAddress }, 'too many connections, one refused'))
    this.#closed = new Promise(resolve => this.#net.once('close', resolve))
  }

  /** The port that is listened on, also when it was asked for as 0. */
  get port(): number {
    const address = this.#net.address() as AddressInfo | null
    return address?.port ?? this.#settings.port
  }

  get name(): string {
    return this.#settings.name
  }

  /** True from startListening until CLOSE or shutdown. */
  get isListening(): boolean {
    return this.#listening
  }

  /** The worker jobs that run, as handlers have returned them. */
  get threads(): ReadonlyMap<string, WorkerJob> {
    return this.#jobs.threads
  }

  /** The subprocess jobs that run, as handlers have returned them. */
  get processes(): ReadonlyMap<string, SubprocessJob> {
    return this.#jobs.processes
  }

  /** Takes the port. Rejects with ERR_PORT_IN_USE when another has it; clients are greeted from startListening on. */
  initServer(): Promise<void> {
    this.#initialized ??= this.#listen()
    return this.#initialized
  }

  /** Serves clients; resolves when the server has closed and all of its jobs are gone. */
  async startListening(): Promise<void> {
    await this.initServer()
    if (!this.#shutdown) {
      this.#listening = true
      for (const socket of this.#early.splice(0)) this.#serve(socket)
      await this.#closed
    }
    await this.shutdown()
  }

  /** Stops all worker jobs at once; resolves when they are gone or past every limit. */
  async closeThreads(): Promise<void> {
    await this.#jobs.stop('worker')
  }

  /** Stops all subprocess jobs at once; resolves when their process groups are gone. */
  async closeProcesses(): Promise<void> {
    await this.#jobs.stop('subprocess')
  }

  /** Closes the port, stops all jobs and then closes every connection. Idempotent; never rejects. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#close()
    return this.#shutdown
  }

  /** For `await using`: the same as {@link DefaultServer.shutdown}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown()
  }

  /** A client has come, gone or said something, or reads again; `connections` holds those that are there, oldest first. */
  protected clientsChanged(): void {
    // Nothing here: a server that sends by itself overrides it.
  }

  async #listen(): Promise<void> {
    const { port, host } = this.#settings
    if (this.#shutdown) throw new DareplaneError('ERR_CLOSED', 'the server was shut down')
    if (!LOOPBACK.test(host))
      this.logger.warn({ host }, 'listening beyond this machine, whoever reaches the port commands the module')
    const onError = (err: Error, count: number): void => this.logger.error({ err, count }, 'cannot accept connections')
    await listen(this.#net, host, port, onError)
    this.logger.info({ host, port: this.port }, 'server is listening')
  }

  #accept(socket: Socket): void {
    // A module needs its last descriptor, for a job or a file, more than a client does.
    if (this.#shutdown || this.#descriptors.isExhausted()) socket.destroy()
    else if (this.#listening) this.#serve(socket)
    else {
      // Bound but not yet serving, as between Python's init_server and start_listening: the client waits.
      socket.on('error', () => socket.destroy())
      this.#early.push(socket)
    }
  }

  #serve(socket: Socket): void {
    if (socket.destroyed) return
    const connection = new Connection(socket, this.#host)
    this.connections.add(connection)
    this.clientsChanged()
    this.logger.info({ peer: socket.remoteAddress, clients: this.connections.size }, 'client connected')
    socket.once('close', () => {
      this.connections.delete(connection)
      this.clientsChanged()
      this.logger.info({ clients: this.connections.size }, 'client disconnected')
      const others = [...this.connections].filter(({ commands }) => !commands.isObserver)
      const isLast = !connection.commands.isObserver && others.length === 0
      if (this.#settings.stopOnDisconnect && isLast) void this.#stopAll()
    })
    socket.resume()
  }

  #stopAll(): Promise<void> {
    this.#dropCommands('commands that waited are dropped, STOP came after them')
    return this.#stops.repeated ?? this.#stops.stop()
  }

  #dropCommands(message: string): void {
    let dropped = 0
    for (const connection of this.connections) dropped += connection.dropCommands()
    if (dropped > 0) this.logger.warn({ dropped }, message)
  }

  async #close(): Promise<void> {
    this.logger.info({ jobs: this.#jobs.running().length }, 'server is closing')
    this.#listening = false
    this.#net.close()
    for (const socket of this.#early.splice(0)) socket.destroy()
    this.#dropCommands('commands that waited are dropped, the server is closing')
    for (const { commands } of this.connections) commands.retire()
    await this.#stops.stop()
    // Handlers that still run may start jobs: those are stopped when the handlers return.
    await this.#stops.over()
    await this.#jobs.stop()
    // Whoever starts the module anew when its connection ends must not meet its old jobs.
    await Promise.all([this.#closed, ...Array.from(this.connections, connection => connection.end())])
    this.logger.info({}, 'server has closed')
  }
}
