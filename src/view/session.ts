import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { localClock } from '../clock.js'
import { ClientSocket } from './client-socket.js'
import { CommandGate } from './control/command-gate.js'
import type { LogTail } from './log-tail.js'
import type { MarkerOutlets } from './marker-outlets.js'
import type { ModuleTable } from './control/module-table.js'
import type { Recorder } from './control/recorder.js'
import type { UsedIds } from './control/used-ids.js'
import type { StreamFeed } from './stream-feed.js'
import type { StreamTable } from './stream-table.js'
import { SubscriptionTable } from './subscription-table.js'
import { RECORDER } from './wire/status.js'
import { WIRE_VERSION } from './wire/messages.js'
import type { ClientMessage } from './wire/messages.js'

/** The most lines of the log that a client is told at once. */
const LOG_LINES = 200

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

/** One client of the view: what it has asked for, what it has been told, and whether it is armed. */
export class Session {
  readonly #socket: ClientSocket
  readonly #host: SessionHost
  readonly #who: string
  readonly #gate: CommandGate
  readonly #subscriptions: SubscriptionTable
  /** How many texts of each stream it has been told. */
  readonly #texts = new Map<string, number>()
  #logNext = 0

  /** `stream` is what `socket` writes to, `who` what the client is called in the log. */
  constructor(socket: WebSocket, stream: Duplex, who: string, host: SessionHost) {
    this.#socket = new ClientSocket(socket, stream)
    this.#host = host
    this.#who = who
    this.#gate = new CommandGate(host.isReadOnly)
    this.#subscriptions = new SubscriptionTable(this.#socket)
    this.#socket.listen(
      (message, now) => this.#obey(message, now),
      error => host.log.add('error', 'view', `a message of ${who} has failed`, { reason: String(error) }),
      () => {
        this.#subscriptions.clear()
        this.#gate.disarm()
      },
    )
    const { isReadOnly: readOnly, startedAt, fault } = host
    this.#socket.send({
      type: 'welcome',
      version: WIRE_VERSION,
      readOnly,
      startedAt,
      ...(fault !== undefined && { fault }),
    })
    for (const feed of host.streams.feeds.values()) this.tellStream(feed)
    this.#logNext = Math.max(0, host.log.next - LOG_LINES)
  }

  tellStream(feed: StreamFeed): void {
    this.#socket.send({ type: 'stream', stream: feed.description, trend: feed.trend.points })
  }

  tellGone(key: string): void {
    this.#subscriptions.removeStream(key)
    this.#socket.send({ type: 'gone', key })
  }

  /** The state of all, unless the client is behind with reading: the next one says the same. */
  tellStatus(text: string): void {
    if (!this.#socket.isBehind) this.#socket.sendText(text)
  }

  /** Sends what has come since the last time and the client has credit for. */
  flush(now: number): void {
    this.#socket.together(() => {
      this.#subscriptions.flush()
      if (this.#socket.isBehind) return
      this.#flushTexts()
      this.#subscriptions.flushSpectra(now)
    })
  }

  close(): void {
    this.#socket.close()
  }

  #flushTexts(): void {
    for (const [key, feed] of this.#host.streams.feeds) {
      const from = this.#texts.get(key) ?? 0
      if (feed.texts === from) continue
      this.#texts.set(key, feed.texts)
      this.#socket.send({ type: 'markers', stream: key, ...feed.textsFrom(from) })
    }
    if (this.#host.log.next <= this.#logNext) return
    const wanted = this.#host.log.from(this.#logNext, LOG_LINES)
    this.#logNext = this.#host.log.next
    this.#socket.send({ type: 'log', ...wanted })
  }

  #obey(message: ClientMessage, now: number): void {
    const { modules, streams, outlets } = this.#host
    switch (message.type) {
      case 'probe':
        this.#socket.send({ type: 'probe', sent: message.sent, lsl: localClock() })
        break
      case 'subscribe':
        this.#subscriptions.add(streams.feeds.get(message.stream), message)
        break
      case 'unsubscribe':
        this.#subscriptions.remove(message.id)
        break
      case 'credit':
        this.#subscriptions.credit(message.id, message.credits)
        break
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
        if (seq === undefined) this.#socket.send({ type: 'refused', id: sourceId, reason: 'there is no such outlet' })
        else this.#socket.send({ type: 'pushed', sourceId, seq })
        break
      }
      case 'arm':
        this.#socket.send({ type: 'armed', ms: this.#gate.arm(now) })
        break
      case 'disarm':
        this.#gate.disarm()
        this.#socket.send({ type: 'armed', ms: 0 })
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
        this.#socket.send({ type: 'sent', id, ok: reason === undefined, text: reason ?? 'sent' })
        if (reason === undefined) this.#socket.send({ type: 'armed', ms: 0 })
        break
      }
      case 'stop':
        if (message.module !== undefined && !modules.has(message.module)) {
          this.#socket.send({ type: 'refused', id: message.id, reason: 'unknown module' })
          break
        }
        void modules.stop(message.id, message.module, this.#who).then(result => {
          this.#socket.send({ type: 'stopped', result })
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
}
