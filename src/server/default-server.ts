import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { DareplaneError } from '../errors.js'
import { getLogger } from '../logging/get-logger.js'
import type { WorkerJob } from '../workers/job-thread.js'
import type { SubprocessJob } from '../workers/subprocess-job.js'
import { CommandRunner } from './command-runner.js'
import { CommandTable } from './command-table.js'
import { Connection, type ConnectionHost } from './connection.js'
import { DescriptorWatch } from './descriptor-watch.js'
import { JobTable } from './job-table.js'
import { listen } from './listen.js'
import { settingsOf, type DefaultServerOptions, type ServerSettings } from './server-options.js'

const LOOPBACK = /^(127\.|::1$|localhost$)/

/**
 * The TCP command server of a Dareplane module: clients call the handlers of `pcommandMap` by name; what a handler starts
 * is stopped by STOP. No client, handler or byte takes it down. Main thread; nothing blocks.
 */
export class DefaultServer implements AsyncDisposable {
  /** The commands by name; may be filled at any time. Refuses the names that the server answers itself. */
  readonly pcommandMap: CommandTable
  protected readonly logger: Logger
  protected readonly connections = new Set<Connection>()
  readonly #settings: ServerSettings
  readonly #jobs: JobTable
  readonly #runner: CommandRunner
  readonly #host: ConnectionHost
  readonly #net: Server
  readonly #descriptors: DescriptorWatch
  readonly #closed: Promise<void>
  /** Aborted by STOP, and then replaced: a command belongs to the one that was there when it arrived. */
  #untilStop = new AbortController()
  #initialized: Promise<void> | undefined
  #listening = false
  #early: Socket[] = []
  #shutdown: Promise<void> | undefined

  constructor(options: DefaultServerOptions = {}) {
    this.#settings = settingsOf(options)
    this.logger = options.logger ?? getLogger(this.#settings.name)
    this.pcommandMap = new CommandTable(options.pcommandMap)
    this.#jobs = new JobTable(this.logger)
    this.#runner = new CommandRunner(this, this.#jobs, this.logger, this.#settings.handlerTimeoutMs)
    this.#host = {
      settings: this.#settings,
      table: this.pcommandMap,
      token: options.token,
      logger: this.logger,
      stopSignal: () => this.#untilStop.signal,
      stop: () => this.#stopAll(),
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
  closeThreads(): Promise<void> {
    return this.#jobs.stop('worker')
  }

  /** Stops all subprocess jobs at once; resolves when their process groups are gone. */
  closeProcesses(): Promise<void> {
    return this.#jobs.stop('subprocess')
  }

  /** Closes the port and every connection and stops all jobs. Idempotent; never rejects. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#close()
    return this.#shutdown
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown()
  }

  /** A client has come or gone; `connections` holds those that are there, the oldest first. */
  protected clientsChanged(): void {
    // For servers that send by themselves.
  }

  async #listen(): Promise<void> {
    const { port, ip } = this.#settings
    if (this.#shutdown) throw new DareplaneError('ERR_CLOSED', 'the server was shut down')
    if (!LOOPBACK.test(ip))
      this.logger.warn({ ip }, 'listening beyond this machine: whoever reaches the port commands it')
    await listen(this.#net, ip, port)
    this.#net.on('error', err => this.logger.error({ err }, 'cannot accept a connection'))
    this.logger.info({ ip, port: this.port }, 'server is listening')
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
      if (this.#settings.stopOnDisconnect && this.connections.size === 0) void this.#stopAll()
    })
    socket.resume()
  }

  #stopAll(): Promise<void> {
    const previous = this.#untilStop
    this.#untilStop = new AbortController()
    previous.abort()
    return this.#jobs.stop()
  }

  async #close(): Promise<void> {
    this.logger.info({}, 'server is closing')
    this.#listening = false
    const stopped = this.#stopAll()
    this.#net.close()
    for (const socket of this.#early.splice(0)) socket.destroy()
    const connections = [...this.connections]
    const dropped = connections.reduce((sum, connection) => sum + connection.dropCommands(), 0)
    if (dropped > 0) this.logger.warn({ dropped }, 'commands that waited are dropped')
    await Promise.all([stopped, this.#closed, ...connections.map(connection => connection.end())])
    // What handlers have started since is stopped as they return.
    await this.#runner.settled()
    await this.#jobs.stop()
  }
}
