import { ARMED_MS, HOLD_MS } from '../wire/messages.js'

/** The page and the server measure the hold with different timers. */
const TOLERANCE_MS = 40

interface Hold {
  readonly id: string
  readonly module: string
  readonly command: string
  readonly at: number
}

/**
 * Two deliberate acts before a command: the page is armed, and the button is held. Kept on the server, for each connection
 * anew: a page that was reloaded or has lost its connection is not armed.
 */
export class CommandGate {
  readonly #isReadOnly: boolean
  #armedUntil = -Infinity
  #hold: Hold | undefined

  constructor(isReadOnly: boolean) {
    this.#isReadOnly = isReadOnly
  }

  /** Arms; answers for how many ms, 0 where the view is read-only. */
  arm(now: number): number {
    if (this.#isReadOnly) return 0
    this.#armedUntil = now + ARMED_MS
    return ARMED_MS
  }

  disarm(): void {
    this.#armedUntil = -Infinity
    this.#hold = undefined
  }

  hold(id: string, module: string, command: string, now: number): void {
    this.#hold = { id, module, command, at: now }
  }

  release(id: string): void {
    if (this.#hold?.id === id) this.#hold = undefined
  }

  /** Why the command may not be sent, or undefined when it may; after that the page is disarmed. */
  pass(id: string, module: string, command: string, now: number): string | undefined {
    const hold = this.#hold
    this.#hold = undefined
    if (this.#isReadOnly) return 'this view is read-only'
    if (now > this.#armedUntil) return 'not armed: nothing was sent'
    if (hold?.id !== id || hold.module !== module || hold.command !== command) return 'not held: nothing was sent'
    if (now - hold.at < HOLD_MS - TOLERANCE_MS) return 'not held for 1 s: nothing was sent'
    this.disarm()
    return undefined
  }
}
