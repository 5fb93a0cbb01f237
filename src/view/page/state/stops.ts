import type { StopResult } from '../../wire/status.js'

/** After this a STOP that nobody has confirmed is called so. */
const STOP_LIMIT_MS = 4000

/** A STOP that nobody has answered yet. */
export interface PendingStop {
  /** Unix time, seconds. */
  readonly at: number
  /** On the clock of performance.now(). */
  readonly sentAt: number
  /** undefined: of all. */
  readonly module: string | undefined
}

/** A STOP that was not confirmed in time. */
export interface UnconfirmedStop {
  /** Unix time, seconds. */
  readonly at: number
  readonly why: string
}

/** The STOPs that this page has sent, and what is known of each: it waits, it was answered, or nobody has confirmed it. */
export class Stops {
  /** What the newest STOP ALL has done, as the view has answered it to this page. */
  result: StopResult | undefined
  /** When it was answered, on the clock of performance.now(). */
  answeredAt = -Infinity
  readonly #pending = new Map<string, PendingStop>()
  /** By module; undefined is all. */
  readonly #unconfirmed = new Map<string | undefined, UnconfirmedStop>()

  /** The newest STOP ALL that waits. */
  get pending(): PendingStop | undefined {
    return [...this.#pending.values()].filter(({ module }) => module === undefined).at(-1)
  }

  /** The STOP of one module, or of all, that was not confirmed. */
  unconfirmed(module?: string): UnconfirmedStop | undefined {
    return this.#unconfirmed.get(module)
  }

  /** A STOP goes out now. */
  pressed(id: string, module: string | undefined): void {
    this.#pending.set(id, { at: Date.now() / 1000, sentAt: performance.now(), module })
    this.#unconfirmed.delete(module)
    if (module === undefined) this.result = undefined
  }

  /** The view tells what a STOP has done, of this page or of another one. */
  answered(result: StopResult): void {
    // An earlier STOP of the same module, or of all, is over with this one.
    const answered = this.#pending.get(result.id)
    for (const [id, { module, sentAt }] of this.#pending)
      if (answered && module === answered.module && sentAt <= answered.sentAt) this.#pending.delete(id)
    for (const { module } of result.modules) this.#unconfirmed.delete(module)
    if (!result.all) return
    this.#unconfirmed.delete(undefined)
    this.result = result
    this.answeredAt = performance.now()
  }

  /** No answer will come. */
  failed(id: string, why: string): void {
    const stop = this.#pending.get(id)
    if (stop === undefined) return
    this.#pending.delete(id)
    this.#unconfirmed.set(stop.module, { at: stop.at, why })
  }

  /** To be called now and then: what has waited for too long is not confirmed. */
  tick(now: number): void {
    for (const [id, { sentAt }] of this.#pending)
      if (now - sentAt > STOP_LIMIT_MS) this.failed(id, `no answer within ${STOP_LIMIT_MS / 1000} s`)
  }
}
