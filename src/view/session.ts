import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { localClock } from '../clock.js'
import { CommandGate } from './control/command-gate.js'
import type { LogTail } from './log-tail.js'
import type { MarkerOutlets } from './marker-outlets.js'
import type { ModuleTable } from './control/module-table.js'
import type { Recorder } from './control/recorder.js'
import type { UsedIds } from './control/used-ids.js'
import { parseMessage } from './parse-message.js'
import type { StreamFeed } from './stream-feed.js'
import type { StreamTable } from './stream-table.js'
import { EnvelopeSubscription, SamplesSubscription } from './subscriptions.js'
import type { Subscription } from './subscriptions.js'
import { RECORDER } from './wire/status.js'
import { WIRE_VERSION } from './wire/messages.js'
import type { ClientMessage, ServerMessage } from './wire/messages.js'

/** What a client may leave unread: beyond, it gets no frames, and beyond twice that it is hung up on. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024
const STATUS_UNREAD_BYTES = 256 * 1024
const MOST_SUBSCRIPTIONS = 256
/** Messages a client may send a second, over a few seconds. */
const MESSAGES_PER_S = 500
const BURST = 2000
const LOG_LINES = 200
const SPECTRUM_EVERY_MS = 500

/** What a session needs of its server. */
export interface SessionHost {
  readonly streams: StreamTable
  readonly modules: ModuleTable
  readonly recorder: Recorder | undefined
  readonly usedIds: UsedIds
  readonly outlets: MarkerOutlets
  readonly log: LogTail
  readonly isReadOnly: boolean
  readonly startedAt: number
  /** What is wrong with the configuration of LSL. */
  readonly fault: string | undefined
  /** Something has changed that all should know at once. */
  readonly changed: () => void
}

/** One client of the view: what it has asked for, how much it may get, and whether it is armed. */
export class Session {
  readonly #socket: WebSocket
  /** What the WebSocket writes to. */
  readonly #stream: Duplex
  readonly #host: SessionHost
  readonly #who: string
  readonly #gate: CommandGate
  readonly #subscriptions = new Map<number, Subscription>()
  readonly #spectra = new Map<number, { readonly feed: StreamFeed; readonly channel: number }>()
  readonly #texts = new Map<string, number>()
  #logNext = 0
  #spectrumDue = 0
  #allowance = BURST
  #allowedAt = performance.now()

  constructor(socket: WebSocket, stream: Duplex, who: string, host: SessionHost) {
    this.#socket = socket
    this.#stream = stream
    this.#host = host
    this.#who = who
    this.#gate = new CommandGate(host.isReadOnly)
    socket.binaryType = 'arraybuffer'
    socket.on('message', (bytes, isBinary) => {
      // What one client sends, whatever it is, ends at most its own connection.
      try {
        this.#hear(bytes, isBinary)
      } catch (error) {
        host.log.add('error', 'view', `a message of ${who} has failed`, { reason: String(error) })
        socket.close(1011, 'this message has failed')
      }
    })
    // A broken connection closes; there is nothing to add.
    socket.on('error', () => socket.terminate())
    socket.once('close', () => this.#close())
    const { isReadOnly: readOnly, startedAt, fault } = host
    this.send({ type: 'welcome', version: WIRE_VERSION, readOnly, startedAt, ...(fault !== undefined && { fault }) })
    for (const feed of host.streams.feeds.values()) this.tellStream(feed)
    this.#logNext = Math.max(0, host.log.next - LOG_LINES)
  }

  tellStream(feed: StreamFeed): void {
    this.send({ type: 'stream', stream: feed.description, trend: feed.trend.points })
  }

  tellGone(key: string): void {
    for (const [id, { feed }] of this.#subscriptions) if (feed.description.key === key) this.#unsubscribe(id)
    for (const [id, { feed }] of this.#spectra) if (feed.description.key === key) this.#spectra.delete(id)
    this.send({ type: 'gone', key })
  }

  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message))
  }

  /** Sends text that many get; a client that does not read gets less of it. */
  sendText(text: string): void {
    if (this.#socket.bufferedAmount > 2 * MOST_UNREAD_BYTES) this.#socket.terminate()
    else if (this.#socket.readyState === 1) this.#socket.send(text)
  }

  /** The state of all, unless the client is behind with reading. */
  tellStatus(text: string): void {
    if (this.#socket.bufferedAmount < STATUS_UNREAD_BYTES) this.sendText(text)
  }

  /** Sends what has come since the last time and the client has credit for. */
  flush(now: number): void {
    // In one write: a system call for each frame of each stream would cost most of a viewer.
    this.#stream.cork()
    try {
      this.#flush(now)
    } finally {
      this.#stream.uncork()
    }
  }

  #flush(now: number): void {
    for (const subscription of this.#subscriptions.values()) subscription.flush()
    if (this.#socket.bufferedAmount > STATUS_UNREAD_BYTES) return
    for (const [key, feed] of this.#host.streams.feeds) {
      const from = this.#texts.get(key) ?? 0
      if (feed.texts === from) continue
      this.#texts.set(key, feed.texts)
      this.send({ type: 'markers', stream: key, ...feed.textsFrom(from) })
    }
    if (this.#host.log.next > this.#logNext) {
      const wanted = this.#host.log.from(this.#logNext, LOG_LINES)
      this.#logNext = this.#host.log.next
      this.send({ type: 'log', ...wanted })
    }
    if (this.#spectra.size === 0 || now < this.#spectrumDue) return
    this.#spectrumDue = now + SPECTRUM_EVERY_MS
    for (const [id, { feed, channel }] of this.#spectra) {
      const spectrum = feed.spectrum(channel)
      if (spectrum) this.send({ type: 'spectrum', id, channel, ...spectrum })
    }
  }

  close(): void {
    this.#socket.close(1001, 'the view is closing')
    this.#socket.terminate()
  }

  #hear(bytes: unknown, isBinary: boolean): void {
    const now = performance.now()
    this.#allowance = Math.min(BURST, this.#allowance + ((now - this.#allowedAt) / 1000) * MESSAGES_PER_S) - 1
    this.#allowedAt = now
    if (this.#allowance < 0) {
      this.#socket.close(1008, 'too many messages')
      return
    }
    const message = isBinary ? undefined : parseMessage(textOf(bytes))
    if (message === undefined) this.send({ type: 'refused', id: '', reason: 'not understood' })
    else this.#obey(message, now)
  }

  #obey(message: ClientMessage, now: number): void {
    const { modules, streams, outlets } = this.#host
    switch (message.type) {
      case 'probe':
        this.send({ type: 'probe', sent: message.sent, lsl: localClock() })
        break
      case 'subscribe':
        this.#subscribe(message)
        break
      case 'unsubscribe':
        this.#unsubscribe(message.id)
        break
      case 'credit': {
        const subscription = this.#subscriptions.get(message.id)
        if (subscription) subscription.credits = Math.min(1000, subscription.credits + message.credits)
        break
      }
      case 'forget':
        streams.forget(message.stream, localClock())
        break
      case 'outlet':
      case 'push': {
        const { sourceId, page } = message
        const seq =
          message.type === 'outlet'
            ? outlets.open(message.name, sourceId, page)
            : outlets.push(sourceId, page, message.items)
        if (seq === undefined) this.send({ type: 'refused', id: sourceId, reason: 'there is no such outlet' })
        else this.send({ type: 'pushed', sourceId, seq })
        break
      }
      case 'arm':
        this.send({ type: 'armed', ms: this.#gate.arm(now) })
        break
      case 'disarm':
        this.#gate.disarm()
        this.send({ type: 'armed', ms: 0 })
        break
      case 'hold':
        this.#gate.hold(message.id, message.module, message.command, now)
        break
      case 'release':
        this.#gate.release(message.id)
        break
      case 'command': {
        const { id } = message
        const reason = this.#command(message, now)
        this.send({ type: 'sent', id, ok: reason === undefined, text: reason ?? 'sent' })
        if (reason === undefined) this.send({ type: 'armed', ms: 0 })
        break
      }
      case 'stop':
        if (message.module !== undefined && !modules.has(message.module)) {
          this.send({ type: 'refused', id: message.id, reason: 'unknown module' })
          break
        }
        void modules.stop(message.id, message.module, this.#who).then(result => {
          this.send({ type: 'stopped', result })
          this.#host.changed()
        })
        this.#host.changed()
        break
    }
  }

  /** Passes a command on; answers why not, or undefined when it is out. */
  #command(
    { id, module, command, kwargs }: Extract<ClientMessage, { type: 'command' }>,
    now: number,
  ): string | undefined {
    const { modules, recorder, usedIds } = this.#host
    const refusal = this.#gate.pass(id, module, command, now)
    if (refusal !== undefined) return refusal
    if (!usedIds.use(id)) return 'this command was sent already'
    if (module === RECORDER && recorder !== undefined) return recorder.command(command, this.#who)
    return modules.command(module, command, kwargs, this.#who)
  }

  #subscribe(message: Extract<ClientMessage, { type: 'subscribe' }>): void {
    const { id } = message
    const feed = this.#host.streams.feeds.get(message.stream)
    this.#unsubscribe(id)
    const refuse = (reason: string): void => this.send({ type: 'refused', id, reason })
    if (feed === undefined) refuse('there is no such stream')
    else if (this.#subscriptions.size + this.#spectra.size >= MOST_SUBSCRIPTIONS) refuse('too many subscriptions')
    else if (message.kind === 'spectrum') {
      if (message.channel < feed.description.channels && feed.isRegular)
        this.#spectra.set(id, { feed, channel: message.channel })
      this.#spectrumDue = 0
    } else if (message.kind === 'samples') {
      const subscription = new SamplesSubscription(feed, message, this.#sendFrame)
      this.#subscriptions.set(id, subscription)
      this.send({ type: 'subscribed', id, next: subscription.next })
    } else {
      const envelope = feed.join(message)
      if (envelope === undefined) {
        refuse('only a regular stream of numbers has an envelope')
        return
      }
      this.#subscriptions.set(id, new EnvelopeSubscription(feed, envelope, message, this.#sendFrame))
      this.send({ type: 'subscribed', id, columnS: envelope.spec.binFrames / envelope.spec.srate })
    }
  }

  #unsubscribe(id: number): void {
    this.#subscriptions.get(id)?.close()
    this.#subscriptions.delete(id)
    this.#spectra.delete(id)
  }

  readonly #sendFrame = (frame: ArrayBuffer): boolean => {
    if (this.#socket.readyState !== 1) return false
    if (this.#socket.bufferedAmount + frame.byteLength > MOST_UNREAD_BYTES) return false
    this.#socket.send(frame)
    return true
  }

  #close(): void {
    for (const id of [...this.#subscriptions.keys()]) this.#unsubscribe(id)
    this.#spectra.clear()
    this.#gate.disarm()
  }
}

function textOf(bytes: unknown): string {
  if (bytes instanceof ArrayBuffer || bytes instanceof Uint8Array) return new TextDecoder().decode(bytes)
  return ''
}
