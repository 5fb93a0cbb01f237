import { createHistogram } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { isMainThread } from 'node:worker_threads'
import { callback as aFunction, mustBe, options, required, seconds } from '../check.js'
import { StopEvent } from '../stop-event.js'

/** What an event loop calls. If it answers a promise, the turn lasts until that has settled. */
export type LoopCallback<Ctx> = (ctx: Ctx) => unknown

/** How often a loop turns, and what ends it. */
export interface EventLoopOptions<Ctx> {
  /** From one turn to the next, seconds. */
  readonly dtS: number
  /** Ends the loop, at once. Default: one of its own. In a job give the job's. */
  readonly stopEvent?: StopEvent
  /** Given to every callback. */
  readonly ctx?: Ctx
}

const checked = options<EventLoopOptions<unknown>>('EventLoop', 'new EventLoop({ dtS: 0.01 })', {
  dtS: required(seconds({ above: 0 })),
  stopEvent: mustBe('a StopEvent', (value): value is StopEvent => value instanceof StopEvent),
  ctx: () => undefined,
})

/** What an event loop has done so far. */
export interface EventLoopStats {
  readonly turns: number
  /** Turns that did not take place because the one before lasted beyond their whole time. */
  readonly missed: number
  /** How late the turns began, seconds. */
  readonly latenessS: { readonly p50: number; readonly p99: number; readonly max: number }
}

/** A thread that sleeps is woken up to some 100 us late, so it is woken before the time and waits there: so long at most, ... */
const LONGEST_SPIN_MS = 0.15
/** ... and for so large a part of each turn at most. */
const SPIN_SHARE = 0.1

/**
 * Calls callbacks every `dtS` seconds on an absolute schedule: turn k is due k * dtS after the start, so that nothing drifts,
 * however long the callbacks take. In a worker run() blocks the thread, and a stop ends it at once; on the main thread it is
 * asynchronous, and as late as timers are. To work whenever samples arrive, wait for them instead: RingReader.wait().
 */
export class EventLoop<Ctx = undefined> {
  readonly dtS: number
  readonly stopEvent: StopEvent
  ctx: Ctx
  readonly #callbacks: LoopCallback<Ctx>[] = []
  #once: LoopCallback<Ctx>[] = []
  #delayed: { readonly callback: LoopCallback<Ctx>; readonly dueMs: number }[] = []
  readonly #lateness = createHistogram({ figures: 3 })
  #turns = 0
  #missed = 0

  constructor(options: EventLoopOptions<Ctx>) {
    const { dtS, stopEvent = new StopEvent(), ctx } = checked(options) as EventLoopOptions<Ctx>
    this.dtS = dtS
    this.stopEvent = stopEvent
    this.ctx = ctx as Ctx
  }

  /** Calls `callback` in every turn, after those that were added before it. */
  addCallback(callback: LoopCallback<Ctx>): this {
    aFunction('callback', callback)
    this.#callbacks.push(callback)
    return this
  }

  /** Calls each of them in every turn. */
  addCallbacks(callbacks: readonly LoopCallback<Ctx>[]): this {
    for (const callback of callbacks) this.addCallback(callback)
    return this
  }

  /** Calls `callback` in the next turn only, before the periodic ones. */
  addCallbackOnce(callback: LoopCallback<Ctx>): this {
    aFunction('callback', callback)
    this.#once.push(callback)
    return this
  }

  /** Calls each of them in the next turn only. */
  addCallbacksOnce(callbacks: readonly LoopCallback<Ctx>[]): this {
    for (const callback of callbacks) this.addCallbackOnce(callback)
    return this
  }

  /** Calls `callback` once, in the first turn that is `delayS` or more from now. */
  addDelayedCallbackOnce(callback: LoopCallback<Ctx>, delayS = 0): this {
    aFunction('callback', callback)
    seconds({ from: 0 })('delayS', delayS)
    this.#delayed.push({ callback, dueMs: performance.now() + delayS * 1000 })
    return this
  }

  /**
   * Turns until stopEvent is set, then resolves. Rejects with the error of a callback, which ends the loop. In a worker the thread is
   * blocked until then.
   */
  async run(): Promise<void> {
    const dtMs = this.dtS * 1000
    const startMs = performance.now()
    for (let turn = 0; ; turn++) {
      const behind = Math.floor((performance.now() - startMs) / dtMs) - turn
      if (behind > 0) {
        this.#missed += behind
        turn += behind
      }
      const dueMs = startMs + turn * dtMs
      if (isMainThread) await this.#waitUntil(dueMs)
      else this.#sleepUntil(dueMs)
      if (this.stopEvent.isSet) return
      this.#turns++
      this.#lateness.record(1 + Math.max(0, Math.round((performance.now() - dueMs) * 1e6)))
      for (const callback of this.#due()) {
        const result = callback(this.ctx)
        if (result instanceof Promise) await result
      }
    }
  }

  /** Figures of the moment; the percentiles are exact to three figures. */
  get stats(): EventLoopStats {
    const seconds = (ns: number): number => (this.#turns === 0 ? NaN : (ns - 1) / 1e9)
    const { max } = this.#lateness
    const [p50, p99] = [this.#lateness.percentile(50), this.#lateness.percentile(99)]
    return {
      turns: this.#turns,
      missed: this.#missed,
      latenessS: { p50: seconds(p50), p99: seconds(p99), max: seconds(max) },
    }
  }

  /** Other events have their turn too, even when this loop is always late. */
  async #waitUntil(dueMs: number): Promise<void> {
    await setImmediate()
    for (;;) {
      const left = dueMs - performance.now()
      if (left <= 0 || this.stopEvent.isSet) return
      // A timer has whole milliseconds and may end up to one of them too early.
      await this.stopEvent.waitAsync(left)
    }
  }

  #sleepUntil(dueMs: number): void {
    const spinMs = Math.min(LONGEST_SPIN_MS, SPIN_SHARE * this.dtS * 1000)
    const sleepMs = dueMs - performance.now() - spinMs
    if (sleepMs > 0) this.stopEvent.wait(sleepMs)
    while (performance.now() < dueMs && !this.stopEvent.isSet);
  }

  /** What this turn calls. Without anything to call once it is the list itself: no turn makes garbage. */
  #due(): readonly LoopCallback<Ctx>[] {
    if (this.#once.length === 0 && this.#delayed.length === 0) return this.#callbacks
    const nowMs = performance.now()
    const ripe = this.#delayed.filter(({ dueMs }) => dueMs <= nowMs)
    this.#delayed = this.#delayed.filter(({ dueMs }) => dueMs > nowMs)
    const once = this.#once
    this.#once = []
    return [...once, ...ripe.map(({ callback }) => callback), ...this.#callbacks]
  }
}
