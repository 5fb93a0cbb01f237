import { Link } from '../../../browser/link.js'
import { LIVE_LIMIT_MS } from '../../wire/messages.js'
import type { ServerMessage } from '../../wire/messages.js'
import type { ModuleStatus } from '../../wire/status.js'
import { Commands, tokenOf } from './commands.js'
import { LogLines } from './log-lines.js'
import { SeenStream } from './seen-stream.js'
import { Subscriptions } from './subscriptions.js'
import { visible } from './visible.js'

type Status = Extract<ServerMessage, { type: 'status' }>

/** A smaller change of the offset between wall clock and LSL clock is jitter of the wall clock. */
const CLOCK_STEP_S = 0.05

/** Everything that the page knows, and all that it says. */
export class Store {
  readonly link: Link
  readonly subscriptions: Subscriptions
  readonly commands: Commands
  readonly log = new LogLines()
  readonly streams = new Map<string, SeenStream>()
  status: Status | undefined
  isReadOnly = false
  /** What is wrong with the configuration of LSL at the server. */
  fault: string | undefined
  /** Seconds between the newest sample and what is on the screen. */
  behindS = NaN
  #wallMinusLsl = NaN
  /** When what the page shows was so, on the clock of performance.now(). */
  #shownAt = -Infinity

  constructor() {
    const url = new URL('ws', location.href)
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
    url.hash = ''
    const token = tokenOf(location.hash)
    if (token !== undefined) url.searchParams.set('token', token)
    this.link = new Link(url.href, {
      opened: () => {
        // The server tells all anew.
        this.streams.clear()
        this.subscriptions.opened()
      },
      closed: () => this.commands.forget(),
      message: message => this.#hear(message),
      frame: frame => {
        if (frame.kind === 1) this.subscriptions.heardFrame(frame)
      },
    })
    this.subscriptions = new Subscriptions(this.link)
    this.commands = new Commands(this.link, this)
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

  /** To be called now and then: what time alone changes. */
  tick(): void {
    const now = performance.now()
    this.commands.stops.tick(now)
    this.subscriptions.tick(now)
  }

  #hear(heard: ServerMessage): void {
    const message = visible(heard)
    switch (message.type) {
      case 'welcome':
        this.isReadOnly = message.readOnly
        this.fault = message.fault
        this.log.clear()
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
        this.log.add(message.lines)
        break
      case 'spectrum':
        this.subscriptions.heardSpectrum(message)
        break
      case 'armed':
        this.commands.heardArmed(message.ms)
        break
      case 'sent':
        this.commands.heardSent(message)
        break
      case 'stopped':
        this.commands.stops.answered(message.result)
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
    if (!(Math.abs(wallMinusLsl - this.#wallMinusLsl) < CLOCK_STEP_S)) this.#wallMinusLsl = wallMinusLsl
    for (const stream of status.streams) this.streams.get(stream.key)?.addStatus(stream, status.lsl)
  }
}
