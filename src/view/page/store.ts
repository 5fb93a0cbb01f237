import { Link } from '../../browser/link.js'
import { ARMED_MS, LIVE_LIMIT_MS } from '../wire/messages.js'
import type { ClientMessage, ServerMessage } from '../wire/messages.js'
import type { EnvelopeFrame } from '../wire/frames.js'
import type { LogLine, ModuleStatus, StopResult } from '../wire/status.js'
import { SeenStream } from './seen-stream.js'
import { Stops } from './stops.js'
import { visible } from './visible.js'

type Status = Extract<ServerMessage, { type: 'status' }>
type Spectrum = Extract<ServerMessage, { type: 'spectrum' }>

const KEPT_LINES = 1000

/** Everything that the page knows, and all that it says. */
export class Store {
  readonly link: Link
  readonly streams = new Map<string, SeenStream>()
  readonly lines: LogLine[] = []
  status: Status | undefined
  isReadOnly = false
  /** What is wrong with the configuration of LSL at the server. */
  fault: string | undefined
  /** On the clock of performance.now(). */
  armedUntil = 0
  acknowledged = -1
  warnings = 0
  errors = 0
  readonly stops = new Stops()
  /** What happened to a command that was sent or refused, by module. */
  readonly notes = new Map<string, { readonly text: string; readonly isBad: boolean; readonly until: number }>()
  waiting: { readonly id: string; readonly module: string; readonly command: string } | undefined
  /** Seconds between the newest sample and what is on the screen. */
  behindS = NaN
  updatesPerS = 0
  readonly #frames = new Map<number, (frame: EnvelopeFrame) => void>()
  readonly #spectra = new Map<number, (spectrum: Spectrum) => void>()
  readonly #onOpened = new Set<() => void>()
  #wallMinusLsl = NaN
  /** When what the page shows was so, on the clock of performance.now(). */
  #shownAt = -Infinity
  #count = 0
  #ids = 0
  #updates: number[] = []
  readonly #page = Array.from(crypto.getRandomValues(new Uint32Array(2)), n => n.toString(36)).join('')

  constructor() {
    const url = new URL('ws', location.href)
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
    url.hash = ''
    const token = tokenOf(location.hash)
    if (token !== undefined) url.searchParams.set('token', token)
    this.link = new Link(url.href, {
      opened: () => this.#opened(),
      closed: () => {
        this.armedUntil = 0
        this.waiting = undefined
      },
      message: message => this.#hear(message),
      frame: frame => {
        if (frame.kind === 1) this.#frames.get(frame.id)?.(frame)
      },
    })
  }

  /** How old what is shown is, ms: news that waited on the way are no younger for that. */
  get silentMs(): number {
    return performance.now() - this.#shownAt
  }

  /** Unix time, seconds, of what is shown. */
  get heardAt(): number {
    return this.status === undefined ? NaN : Date.now() / 1000 - this.silentMs / 1000
  }

  /** Whether what is shown is of now. */
  get isLive(): boolean {
    return this.silentMs <= LIVE_LIMIT_MS
  }

  get wallMinusLsl(): number {
    return this.#wallMinusLsl
  }

  /** LSL seconds now, as far as is known without news. */
  get lslNow(): number {
    return this.link.clock.isKnown ? this.link.clock.localClock() : NaN
  }

  get modules(): readonly ModuleStatus[] {
    return this.status?.modules ?? []
  }

  get armedMs(): number {
    return Math.max(0, this.armedUntil - performance.now())
  }

  /** Subscribes to columns; again after each reconnect. Answers what ends it. */
  envelope(
    request: () => Omit<Extract<ClientMessage, { type: 'subscribe'; kind: 'envelope' }>, 'id' | 'type' | 'kind'>,
    take: (frame: EnvelopeFrame) => void,
    restarted: () => void,
  ): () => void {
    const id = ++this.#count
    const ask = (): void => {
      restarted()
      this.link.send({ type: 'subscribe', kind: 'envelope', id, ...request() })
    }
    this.#frames.set(id, frame => {
      take(frame)
      this.#noteUpdate()
      // Credit is given when it has been taken: a page that is slow or hidden gets fewer.
      this.link.send({ type: 'credit', id, credits: 1 })
    })
    this.#onOpened.add(ask)
    ask()
    return () => {
      this.#onOpened.delete(ask)
      this.#frames.delete(id)
      this.link.send({ type: 'unsubscribe', id })
    }
  }

  /** Subscribes to the spectrum of one channel. */
  spectrum(stream: string, channel: number, take: (spectrum: Spectrum) => void): () => void {
    const id = ++this.#count
    const ask = (): void => void this.link.send({ type: 'subscribe', kind: 'spectrum', id, stream, channel })
    this.#spectra.set(id, take)
    this.#onOpened.add(ask)
    ask()
    return () => {
      this.#onOpened.delete(ask)
      this.#spectra.delete(id)
      this.link.send({ type: 'unsubscribe', id })
    }
  }

  /** STOP of one module or of all, now: by WebSocket and by HTTP. Nothing holds it back. */
  stop(module?: string): void {
    const id = this.newId()
    this.stops.pressed(id, module)
    const isSaid = this.link.send({ type: 'stop', id, ...(module !== undefined && { module }) })
    this.disarm()
    const query = new URLSearchParams({ id })
    if (module !== undefined) query.set('module', module)
    const token = tokenOf(location.hash)
    if (token !== undefined) query.set('token', token)
    fetch(`/stop?${query}`, { method: 'POST', keepalive: true })
      .then(async response => {
        if (!response.ok) throw new Error(await response.text())
        this.stops.answered(visible((await response.json()) as StopResult))
      })
      .catch(() => {
        // Where it went out by WebSocket the answer may still come.
        if (!isSaid) this.stops.failed(id, 'the view cannot be reached')
      })
  }

  arm(): void {
    if (this.isLive && !this.isReadOnly) this.link.send({ type: 'arm' })
  }

  disarm(): void {
    this.armedUntil = 0
    this.waiting = undefined
    this.link.send({ type: 'disarm' })
  }

  newId(): string {
    return `${this.#page}-${++this.#ids}`
  }

  /** Sends a command that was held; where there is no connection nothing is sent, now or later. */
  command(id: string, module: string, command: string, kwargs: Record<string, unknown>): void {
    const withArguments = Object.keys(kwargs).length > 0 && { kwargs }
    if (!this.isLive || !this.link.send({ type: 'command', id, module, command, ...withArguments }))
      this.note(module, 'not live: nothing was sent', true)
    else this.waiting = { id, module, command }
  }

  note(module: string, text: string, isBad = false): void {
    this.notes.set(module, { text, isBad, until: performance.now() + 8000 })
  }

  acknowledge(): void {
    this.acknowledged = this.lines.at(-1)?.seq ?? -1
    this.#countOpen()
  }

  /** To be called now and then: what time alone changes. */
  tick(): void {
    const now = performance.now()
    this.stops.tick(now)
    while (this.#updates.length > 0 && now - (this.#updates[0] ?? 0) > 2000) this.#updates.shift()
    this.updatesPerS = this.#updates.length / 2
  }

  #noteUpdate(): void {
    const now = performance.now()
    if (now - (this.#updates.at(-1) ?? 0) > 15) this.#updates.push(now)
  }

  #opened(): void {
    // The server tells all anew.
    this.streams.clear()
    for (const ask of this.#onOpened) ask()
  }

  #hear(heard: ServerMessage): void {
    const message = visible(heard)
    switch (message.type) {
      case 'welcome':
        this.isReadOnly = message.readOnly
        this.fault = message.fault
        this.lines.length = 0
        this.acknowledged = -1
        break
      case 'stream':
        this.streams.set(message.stream.key, new SeenStream(message.stream, message.trend))
        break
      case 'gone':
        this.streams.delete(message.key)
        break
      case 'status':
        this.#takeStatus(message)
        break
      case 'markers':
        this.streams.get(message.stream)?.addTexts(message.items)
        break
      case 'log':
        this.lines.push(...message.lines)
        if (this.lines.length > KEPT_LINES) this.lines.splice(0, this.lines.length - KEPT_LINES)
        this.#countOpen()
        break
      case 'spectrum':
        this.#spectra.get(message.id)?.(message)
        break
      case 'armed':
        this.armedUntil = message.ms > 0 ? performance.now() + Math.min(message.ms, ARMED_MS) : 0
        break
      case 'sent': {
        if (this.waiting?.id !== message.id) break
        const { module, command } = this.waiting
        this.waiting = undefined
        // What came of a command that was sent is told by its answer.
        if (!message.ok) this.note(module, `${command}: ${message.text}`, true)
        break
      }
      case 'stopped':
        this.stops.answered(message.result)
        break
      default:
        break
    }
  }

  #takeStatus(status: Status): void {
    this.status = status
    const { clock } = this.link
    this.#shownAt = performance.now() - (clock.isKnown ? Math.max(0, 1000 * (clock.localClock() - status.lsl)) : 0)
    const wallMinusLsl = status.wall - status.lsl
    // Steps of the wall clock are followed; its jitter would make the sweep tremble.
    if (!(Math.abs(wallMinusLsl - this.#wallMinusLsl) < 0.05)) this.#wallMinusLsl = wallMinusLsl
    for (const stream of status.streams) this.streams.get(stream.key)?.addStatus(stream, status.lsl)
  }

  #countOpen(): void {
    const open = this.lines.filter(({ seq }) => seq > this.acknowledged)
    this.errors = open.filter(({ levelno }) => levelno >= 40).length
    this.warnings = open.filter(({ levelno }) => levelno >= 30 && levelno < 40).length
  }
}

function tokenOf(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? undefined
}
