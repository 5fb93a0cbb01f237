import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { localClock } from '../clock.js'
import { findConfig } from '../lsl/builtin/config/load-config.js'
import { listen } from '../system/listen.js'
import { Access, isLoopback, queryOf } from './access.js'
import { LogTail } from './log-tail.js'
import type { TailRecord } from './log-tail.js'
import { LoopFigures } from './loop-figures.js'
import { MarkerOutlets } from './marker-outlets.js'
import { ModuleTable } from './control/module-table.js'
import { Recorder } from './control/recorder.js'
import { UsedIds } from './control/used-ids.js'
import { pages } from './pages.js'
import { Session } from './session.js'
import { StreamTable } from './stream-table.js'
import { viewSettings } from './view-options.js'
import type { ViewOptions, ViewSettings } from './view-options.js'
import { STATUS_EVERY_MS } from './wire/messages.js'

/** How often the rings are read and columns sent. */
const FLUSH_EVERY_MS = 50
const MOST_CLIENTS = 64
/** What a DefaultCallbackServer of this process publishes. */
const CALLBACK = 'dareplane:callback'
/** No message of a client is longer, but for markers after a long time without a connection. */
const MOST_MESSAGE_BYTES = 1 << 20

/** A live page that is being served. Main thread; nothing blocks, and nothing that clients do reaches the module around it. */
export class View implements AsyncDisposable {
  readonly #settings: ViewSettings
  readonly #http: Server
  readonly #sockets: WebSocketServer
  readonly #sessions = new Set<Session>()
  readonly #log = new LogTail()
  readonly #streams: StreamTable
  readonly #modules: ModuleTable
  readonly #recorder: Recorder | undefined
  readonly #usedIds = new UsedIds()
  readonly #outlets = new MarkerOutlets()
  readonly #loop = new LoopFigures()
  readonly #startedAt = Date.now() / 1000
  readonly #fault = findConfig().fault
  #access: Access | undefined
  #ticking: NodeJS.Timeout | undefined
  #statusDue = 0
  #closing: Promise<void> | undefined

  /** @internal */
  constructor(settings: ViewSettings) {
    this.#settings = settings
    const tell = (each: (session: Session) => void): void => this.#sessions.forEach(each)
    this.#streams = new StreamTable(
      {
        appeared: feed => tell(session => session.tellStream(feed)),
        gone: key => tell(session => session.tellGone(key)),
      },
      this.#log.add,
    )
    if (this.#fault !== undefined) this.#log.add('warn', 'view', `LSL configuration: ${this.#fault}`)
    this.#modules = new ModuleTable(settings.modules, this.#log.add)
    this.#recorder = settings.recorder && new Recorder(settings.recorder, this.#log.add)
    const serve = pages(settings.serve)
    this.#http = createServer((request, response) => this.#answer(request, response, serve))
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
    this.#http.on('clientError', (_, socket) => socket.destroy())
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES, perMessageDeflate: false })
  }

  /** The port that is listened on. */
  get port(): number {
    return (this.#http.address() as AddressInfo | null)?.port ?? this.#settings.port
  }

  /** What to open in a browser. */
  get url(): string {
    const { host, token } = this.#settings
    const name = host.includes(':') ? `[${host}]` : host
    return `http://${name}:${this.port}/${token === undefined ? '' : `#token=${token}`}`
  }

  /** How many clients are connected. */
  get clients(): number {
    return this.#sessions.size
  }

  /** Shows a record of the log server. */
  showRecord(record: TailRecord): void {
    this.#log.record(record)
  }

  /** Closes the port and all connections; modules and their jobs go on. Idempotent. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  /** For `await using`: the same as {@link View.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** @internal */
  async start(): Promise<void> {
    const { host, port, token, watchers, predicate, allowOrigins, logger } = this.#settings
    await listen(this.#http, host, port, (err, count) =>
      logger?.error({ err, count }, 'the view cannot accept connections'),
    )
    this.#access = new Access({ host, port: this.port, token, allowOrigins })
    if (!isLoopback(host)) logger?.warn({ host }, 'the view can be reached from other machines')
    if (watchers === undefined) this.#streams.follow(predicate)
    else for (const watcher of watchers) this.#streams.add(watcher)
    subscribe(CALLBACK, this.#commanded)
    this.#ticking = setInterval(() => this.#guard(() => this.#tick()), FLUSH_EVERY_MS)
    logger?.info({ url: this.url }, 'the view is served')
  }

  /** A module of this process commands another one. */
  readonly #commanded = (): void => {
    const ages = [...this.#streams.feeds.values()].filter(feed => feed.isRegular).map(feed => feed.watcher.stats.ageS)
    const newestS = Math.min(...ages)
    if (Number.isFinite(newestS)) this.#loop.commanded(1000 * newestS)
  }

  #answer(request: IncomingMessage, response: ServerResponse, serve: ReturnType<typeof pages>): void {
    const plain = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
    }
    // Whatever a client asks for, an error ends at most the answer to it.
    try {
      if (this.#access?.isForUs(request) !== true) plain(421, 'not the host of this view')
      else if (request.url?.startsWith('/stop') === true) this.#stop(request, response, plain)
      else if (request.method === 'GET' || request.method === 'HEAD') serve(request, response)
      else plain(405, 'only GET')
    } catch (err) {
      this.#settings.logger?.warn({ err }, 'a request has failed')
      response.destroy()
    }
  }

  /** The second way of a STOP: works where the WebSocket does not. */
  #stop(request: IncomingMessage, response: ServerResponse, plain: (status: number, text: string) => void): void {
    const refusal = this.#access?.refusal(request)
    if (request.method !== 'POST') {
      plain(405, 'only POST')
      return
    }
    if (refusal !== undefined) {
      plain(403, refusal)
      return
    }
    const query = queryOf(request)
    const module = query.get('module') ?? undefined
    const id = (query.get('id') ?? `http-${process.hrtime.bigint()}`).slice(0, 64)
    if (module !== undefined && !this.#modules.has(module)) {
      plain(404, 'unknown module')
      return
    }
    void this.#modules.stop(id, module, whoIs(request)).then(result => {
      this.#statusDue = 0
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result))
    })
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const refusal =
      this.#access?.refusal(request) ?? (this.#sessions.size >= MOST_CLIENTS ? 'too many clients' : undefined)
    if (refusal !== undefined || this.#closing !== undefined) {
      this.#settings.logger?.warn(
        { origin: request.headers.origin, host: request.headers.host, refusal },
        'client refused',
      )
      socket.end(
        `HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n${refusal ?? 'closing'}\n`,
      )
      return
    }
    this.#sockets.handleUpgrade(request, socket, head, webSocket => {
      this.#guard(() => {
        const session = new Session(webSocket, socket, whoIs(request), {
          streams: this.#streams,
          modules: this.#modules,
          recorder: this.#recorder,
          usedIds: this.#usedIds,
          outlets: this.#outlets,
          log: this.#log,
          isReadOnly: this.#settings.readOnly,
          startedAt: this.#startedAt,
          fault: this.#fault,
          changed: () => (this.#statusDue = 0),
        })
        this.#sessions.add(session)
        webSocket.once('close', () => this.#sessions.delete(session))
        this.#statusDue = 0
      })
    })
  }

  #tick(): void {
    const lsl = localClock()
    const now = performance.now()
    this.#streams.poll(lsl)
    for (const session of this.#sessions) session.flush(now)
    if (now < this.#statusDue) return
    // A timer that is a little early must not skip a turn.
    this.#statusDue = now + STATUS_EVERY_MS - FLUSH_EVERY_MS / 2
    const streams = [...this.#streams.feeds.values()].map(feed => {
      const status = feed.status(lsl)
      feed.trend.add(lsl, status)
      return status
    })
    this.#loop.add(streams)
    if (this.#sessions.size === 0) return
    const { sent, lastStopAll, stoppingS } = this.#modules
    const text = JSON.stringify({
      type: 'status',
      lsl,
      wall: Date.now() / 1000,
      sessionS: Date.now() / 1000 - this.#startedAt,
      cpu: Number(this.#loop.cpu.toFixed(1)),
      loop: this.#loop.status(),
      streams,
      modules: this.#modules.statuses(),
      ...(this.#recorder && { recorder: this.#recorder.status() }),
      sent: sent.slice(0, 8),
      ...(lastStopAll && { stopped: lastStopAll }),
      ...(stoppingS !== undefined && { stoppingS }),
    })
    for (const session of this.#sessions) session.tellStatus(text)
  }

  /** Whatever goes wrong in the view stays in the view. */
  #guard(work: () => void): void {
    try {
      work()
    } catch (err) {
      this.#settings.logger?.error({ err }, 'the view has failed, closing it')
      void this.close()
    }
  }

  async #close(): Promise<void> {
    clearInterval(this.#ticking)
    unsubscribe(CALLBACK, this.#commanded)
    this.#loop.close()
    for (const session of this.#sessions) session.close()
    this.#sockets.close()
    const closed = new Promise<void>(resolve => this.#http.close(() => resolve()))
    this.#http.closeAllConnections()
    await Promise.all([
      closed,
      this.#streams.close(),
      this.#modules.close(),
      this.#recorder?.close(),
      this.#outlets.close(),
    ])
  }
}

/** Serves the live page. Rejects with ERR_PORT_IN_USE; throws TypeError or RangeError naming the option. */
export async function startView(options: ViewOptions = {}): Promise<View> {
  const view = new View(viewSettings(options))
  try {
    await view.start()
  } catch (error) {
    await view.close()
    throw error
  }
  return view
}

function whoIs({ socket }: IncomingMessage): string {
  return socket.remoteAddress?.replace(/^::ffff:/, '') ?? 'unknown'
}
