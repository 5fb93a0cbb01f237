import type { Link } from '../../../browser/link.js'
import { ARMED_MS } from '../../wire/messages.js'
import type { ServerMessage } from '../../wire/messages.js'
import type { StopResult } from '../../wire/status.js'
import { Stops } from './stops.js'
import { visible } from './visible.js'

/** How long it is shown what happened to a command. */
const NOTE_MS = 8000

/** What decides whether the page may command. */
interface Page {
  readonly isLive: boolean
  readonly isReadOnly: boolean
}

interface Waiting {
  readonly id: string
  readonly module: string
  readonly command: string
}

/** All that the page sends to modules: STOP at any time, commands only while it is live and armed. */
export class Commands {
  readonly stops = new Stops()
  /** What happened to a command that was sent or refused, by module. */
  readonly notes = new Map<string, { readonly text: string; readonly isBad: boolean; readonly until: number }>()
  /** The command that was sent and not answered yet. */
  waiting: Waiting | undefined
  readonly #link: Link
  readonly #about: Page
  readonly #page = Array.from(crypto.getRandomValues(new Uint32Array(2)), n => n.toString(36)).join('')
  #ids = 0
  /** On the clock of performance.now(). */
  #armedUntil = 0

  constructor(link: Link, page: Page) {
    this.#link = link
    this.#about = page
  }

  /** How long commands can still be sent, ms. */
  get armedMs(): number {
    return Math.max(0, this.#armedUntil - performance.now())
  }

  newId(): string {
    return `${this.#page}-${++this.#ids}`
  }

  /** STOP of one module or of all, now: by WebSocket and by HTTP. Nothing holds it back. */
  stop(module?: string): void {
    const id = this.newId()
    this.stops.pressed(id, module)
    const isSaid = this.#link.send({ type: 'stop', id, ...(module !== undefined && { module }) })
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
    if (this.#about.isLive && !this.#about.isReadOnly) this.#link.send({ type: 'arm' })
  }

  disarm(): void {
    this.forget()
    this.#link.send({ type: 'disarm' })
  }

  /** Sends a command that was held; where there is no connection nothing is sent, now or later. */
  command(id: string, module: string, command: string, kwargs: Record<string, unknown>): void {
    const withArguments = Object.keys(kwargs).length > 0 && { kwargs }
    if (!this.#about.isLive || !this.#link.send({ type: 'command', id, module, command, ...withArguments }))
      this.note(module, 'not live: nothing was sent', true)
    else this.waiting = { id, module, command }
  }

  note(module: string, text: string, isBad = false): void {
    this.notes.set(module, { text, isBad, until: performance.now() + NOTE_MS })
  }

  /** The connection is gone: nothing is armed and no answer will come. */
  forget(): void {
    this.#armedUntil = 0
    this.waiting = undefined
  }

  heardArmed(ms: number): void {
    this.#armedUntil = ms > 0 ? performance.now() + Math.min(ms, ARMED_MS) : 0
  }

  heardSent({ id, ok, text }: Extract<ServerMessage, { type: 'sent' }>): void {
    if (this.waiting?.id !== id) return
    const { module, command } = this.waiting
    this.waiting = undefined
    // The answer of the module tells what came of a command that was sent.
    if (!ok) this.note(module, `${command}: ${text}`, true)
  }
}

/** The token by which the page may speak to its view, as the address of the page has it. */
export function tokenOf(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? undefined
}
