import { startTimer } from '../timer.js'
import { FRAMES } from './ring-layout.js'
import { enterWait, headWord, leaveWait } from './protocol.js'
import type { WakeBell } from './wake-bell.js'

/** How one reader waits for its ring's head to move. */
export class RingWaiter {
  readonly #words: Int32Array
  readonly #bell: WakeBell | undefined
  /** Those to wake when the one Atomics.waitAsync under way resolves; undefined if none is. */
  #sleepers: Set<() => void> | undefined

  /** `bell`: what the ring's writer rings for this thread, instead of the head that others wait for. */
  constructor(words: Int32Array, bell?: WakeBell) {
    this.#words = words
    this.#bell = bell
  }

  /** Blocks until `isDone()` or `timeoutMs` has passed; answers isDone(). Workers only: the main thread must not block. */
  wait(isDone: () => boolean, timeoutMs: number): boolean {
    const deadline = performance.now() + timeoutMs
    enterWait(this.#words)
    try {
      for (;;) {
        // The word is loaded before the question is asked: if it moves afterwards, the wait returns at once.
        const seen = headWord(this.#words)
        if (isDone()) return true
        const left = deadline - performance.now()
        if (!(left > 0)) return false
        Atomics.wait(this.#words, FRAMES.head, seen, left)
      }
    } finally {
      leaveWait(this.#words)
    }
  }

  /** Resolves when `isDone()`, or `timeoutMs` has passed, or `signal` aborts. Keeps the process alive meanwhile. */
  waitAsync(isDone: () => boolean, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (this.#bell === undefined) return this.#waitForHead(isDone, timeoutMs, signal)
    const isOver = isDone() || !(timeoutMs > 0) || signal?.aborted === true
    return isOver ? Promise.resolve() : this.#bell.sleep(isDone, timeoutMs, signal)
  }

  async #waitForHead(isDone: () => boolean, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + timeoutMs
    for (;;) {
      const seen = headWord(this.#words)
      if (isDone()) return
      const left = deadline - performance.now()
      if (!(left > 0) || signal?.aborted === true) return
      const sleepers = this.#arm(seen)
      if (sleepers !== undefined) await sleep(sleepers, left, signal)
    }
  }

  /**
   * Those whom the next move of the head will wake; undefined if it is no longer `seen`. At most one Atomics.waitAsync is under
   * way per reader: it cannot be cancelled, so one per call that timed out would pile up. The reader stays counted among
   * the waiters until it resolves.
   */
  #arm(seen: number): Set<() => void> | undefined {
    if (this.#sleepers !== undefined) return this.#sleepers
    enterWait(this.#words)
    const waiting = Atomics.waitAsync(this.#words, FRAMES.head, seen)
    if (!waiting.async) {
      leaveWait(this.#words)
      return undefined
    }
    const sleepers = new Set<() => void>()
    this.#sleepers = sleepers
    void waiting.value.then(() => {
      leaveWait(this.#words)
      this.#sleepers = undefined
      for (const wakeUp of sleepers) wakeUp()
    })
    return sleepers
  }
}

/** Until woken, timed out or aborted. The timer is also what keeps the event loop alive: Atomics.waitAsync does not. */
function sleep(sleepers: Set<() => void>, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const timer = startTimer(ms, wakeUp)
    function wakeUp(): void {
      clearTimeout(timer)
      sleepers.delete(wakeUp)
      signal?.removeEventListener('abort', wakeUp)
      resolve()
    }
    sleepers.add(wakeUp)
    signal?.addEventListener('abort', wakeUp, { once: true })
  })
}
