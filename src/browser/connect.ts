import type { BinaryFrame } from '../view/wire/frames.js'
import type { ServerMessage } from '../view/wire/messages.js'
import type { StreamDescription } from '../view/wire/status.js'
import { WIRE_VERSION } from '../view/wire/messages.js'
import { Link } from './link.js'
import type { SocketConstructor } from './link.js'
import { MarkerChannel } from './marker-channel.js'
import { StreamReader } from './stream-reader.js'

const CREDITS = 32
const LOOK_MS = 50

/** How to reach a view. */
export interface ConnectOptions {
  /** Seconds until connecting fails. Default 5. */
  readonly timeoutS?: number
  /** Where there is none of its own, as in Node 20. */
  readonly WebSocket?: SocketConstructor
}

interface Subscribed {
  readonly reader: StreamReader
  key: string
  /** Absolute index at the server of the next frame wanted; undefined: the next one there is. */
  next: number | undefined
}

/** A page's connection to a view: streams in, markers out, on one clock. Made again when it is lost. */
export class Dareplane {
  readonly #link: Link
  readonly #streams = new Map<string, StreamDescription>()
  readonly #subscribed = new Map<number, Subscribed>()
  readonly #channels = new Map<string, MarkerChannel>()
  readonly #ticking: ReturnType<typeof setInterval>
  readonly #page = Array.from(crypto.getRandomValues(new Uint32Array(3)), n => n.toString(36)).join('')
  #startedAt = NaN
  #ids = 0
  #isWelcome = false

  /** @internal */
  constructor(url: string, Socket?: SocketConstructor) {
    const events = {
      opened: () => this.#opened(),
      closed: () => (this.#isWelcome = false),
      message: (message: ServerMessage) => this.#hear(message),
      frame: (frame: BinaryFrame) => this.#take(frame),
    }
    this.#link = Socket === undefined ? new Link(url, events) : new Link(url, events, Socket)
    this.#ticking = setInterval(() => {
      for (const channel of this.#channels.values()) channel.tick()
    }, LOOK_MS)
  }

  /** Whether there is a connection and its clock is known. */
  get isReady(): boolean {
    return this.#isWelcome && this.#link.clock.isKnown
  }

  /** Milliseconds since anything was heard from the view, which speaks ten times a second. */
  get silentMs(): number {
    return this.#link.silentMs
  }

  /** LSL clock seconds of the view's machine; NaN before it is known. */
  localClock(): number {
    return this.#link.clock.localClock()
  }

  /** How far {@link Dareplane.localClock} may be off, seconds. */
  get uncertaintyS(): number {
    return this.#link.clock.uncertaintyS
  }

  /** The streams that the view knows now. */
  streams(): readonly StreamDescription[] {
    return [...this.#streams.values()]
  }

  /** Every sample of the stream of that name from now on. Rejects when there is none, or more than one, within `timeoutS` (default 5). */
  async watch(
    name: string,
    { bufferSizeS = 2, timeoutS = 5 }: { readonly bufferSizeS?: number; readonly timeoutS?: number } = {},
  ): Promise<StreamReader> {
    if (!(bufferSizeS > 0) || !Number.isFinite(bufferSizeS))
      throw new RangeError(`bufferSizeS must be seconds above 0, got ${bufferSizeS}`)
    const info = await until(
      () => this.#only(name),
      timeoutS,
      `no stream named ${JSON.stringify(name)} within ${timeoutS} s`,
    )
    const reader = new StreamReader(info, bufferSizeS)
    const id = ++this.#ids
    this.#subscribed.set(id, { reader, key: info.key, next: undefined })
    this.#subscribe(id)
    return reader
  }

  /** Makes a marker stream on the network, or goes on with it. Its source id stays the same over reloads. */
  markers(
    name: string,
    { sourceId = `dareplane-browser-${name}` }: { readonly sourceId?: string } = {},
  ): MarkerChannel {
    const known = this.#channels.get(sourceId)
    if (known !== undefined) return known
    const channel = new MarkerChannel(this.#link, name, sourceId, this.#page)
    this.#channels.set(sourceId, channel)
    return channel
  }

  /** Ends the connection and all readers. Markers that were not delivered are lost: wait for what push() answers. Idempotent. */
  close(): void {
    clearInterval(this.#ticking)
    this.#link.close()
    for (const { reader } of this.#subscribed.values()) reader.close()
  }

  #only(name: string): StreamDescription | undefined {
    const [first, second] = this.streams().filter(stream => stream.name === name)
    if (second !== undefined) throw new RangeError(`two streams are named ${JSON.stringify(name)}`)
    return first
  }

  #opened(): void {
    this.#streams.clear()
  }

  #hear(message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        if (message.version !== WIRE_VERSION)
          throw new RangeError(`the view speaks version ${message.version}, this page ${WIRE_VERSION}`)
        // After a restart of the view its sample numbers begin anew: the old place means nothing.
        if (message.startedAt !== this.#startedAt) for (const each of this.#subscribed.values()) each.next = undefined
        this.#startedAt = message.startedAt
        this.#isWelcome = true
        for (const channel of this.#channels.values()) channel.opened()
        break
      case 'stream':
        this.#appeared(message.stream)
        break
      case 'gone':
        this.#streams.delete(message.key)
        break
      case 'pushed':
        this.#channels.get(message.sourceId)?.acknowledged(message.seq)
        break
      default:
        break
    }
  }

  #appeared(stream: StreamDescription): void {
    this.#streams.set(stream.key, stream)
    for (const [id, each] of this.#subscribed) {
      const { name, channels, format } = each.reader.info
      if (stream.name !== name || stream.channels !== channels || stream.format !== format) continue
      if (each.key !== stream.key) each.next = undefined
      each.key = stream.key
      this.#subscribe(id)
    }
  }

  #subscribe(id: number): void {
    const each = this.#subscribed.get(id)
    if (each === undefined) return
    const { key: stream, next } = each
    const from = next === undefined ? {} : { from: next }
    this.#link.send({ type: 'subscribe', kind: 'samples', id, stream, credits: CREDITS, ...from })
  }

  #take(frame: BinaryFrame): void {
    const each = this.#subscribed.get(frame.id)
    if (each === undefined || frame.kind === 1) return
    each.next = frame.first + frame.count
    each.reader.append(frame)
    this.#link.send({ type: 'credit', id: frame.id, credits: 1 })
  }
}

/**
 * Connects to a view, by default the one that serves this page. Resolves when the clock is known; rejects after `timeoutS`. From
 * then on the connection is made again by itself.
 */
export async function connect(
  url: string = ownUrl(),
  { timeoutS = 5, WebSocket }: ConnectOptions = {},
): Promise<Dareplane> {
  const dareplane = new Dareplane(url, WebSocket)
  try {
    await until(
      () => (dareplane.isReady ? true : undefined),
      timeoutS,
      `no view answers at ${url} within ${timeoutS} s`,
    )
  } catch (error) {
    dareplane.close()
    throw error
  }
  return dareplane
}

function ownUrl(): string {
  const { location } = globalThis as { location?: { readonly href: string } }
  if (location === undefined) throw new TypeError('url must be given, such as "ws://127.0.0.1:8090/ws"')
  const url = new URL('/ws', location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}

async function until<T>(look: () => T | undefined, timeoutS: number, failure: string): Promise<T> {
  const end = performance.now() + 1000 * timeoutS
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    if (performance.now() >= end) throw new Error(failure)
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
}
