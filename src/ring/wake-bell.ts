import { bellRings, fallAsleep, ringBell } from '../system/bell-words.js'
import { startTimer } from '../timer.js'

/*
 * How a thread that reads many rings without blocking is woken once for all that arrived together. Whoever writes rings it after
 * having published; a ring's own head would have to be waited for, and notified, once for each ring.
 */
const BYTES = 8

interface Sleeper {
  readonly isDone: () => boolean
  readonly wakeUp: () => void
}

/** The bell of the thread that made it; attached to `buffer`, what others ring it with. */
export class WakeBell {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #sleepers = new Set<Sleeper>()
  #keepAlive: NodeJS.Timeout | undefined
  #isArmed = false
  #isDue = false

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.buffer = buffer
    this.#words = new Int32Array(buffer)
  }

  /** After what there is to see was published. Any thread; a system call only if somebody sleeps. */
  ring(): void {
    ringBell(this.#words)
  }

  /** The same, once this turn of the event loop has read all sockets that have something. */
  ringSoon(): void {
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(this.#ringNow)
  }

  readonly #ringNow = (): void => {
    this.#isDue = false
    this.ring()
  }

  /** Resolves when `isDone()`, or `timeoutMs` has passed, or `signal` aborts. Keeps the process alive meanwhile. */
  sleep(isDone: () => boolean, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wakeUp = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', wakeUp)
        this.#leave(sleeper)
        resolve()
      }
      const sleeper: Sleeper = { isDone, wakeUp }
      const timer = timeoutMs === Infinity ? undefined : startTimer(timeoutMs, wakeUp)
      this.#enter(sleeper)
      signal?.addEventListener('abort', wakeUp, { once: true })
      // Where a wait is under way: who publishes after this question finds a sleeper; who did before, and rang, has a wake-up under way.
      if (!this.#isArmed) this.#arm()
      else if (isDone()) wakeUp()
    })
  }

  #enter(sleeper: Sleeper): void {
    this.#sleepers.add(sleeper)
    // Atomics.waitAsync alone does not keep the event loop alive.
    this.#keepAlive ??= startTimer(Infinity, () => undefined)
    if (this.#sleepers.size === 1) this.#keepAlive.ref()
  }

  #leave(sleeper: Sleeper): void {
    this.#sleepers.delete(sleeper)
    if (this.#sleepers.size === 0) this.#keepAlive?.unref()
  }

  /** At most one Atomics.waitAsync is under way: it cannot be cancelled. */
  #arm(): void {
    while (this.#sleepers.size > 0) {
      const rings = fallAsleep(this.#words)
      for (const { isDone, wakeUp } of this.#sleepers) if (isDone()) wakeUp()
      if (this.#sleepers.size === 0) return
      const waiting = bellRings(this.#words, rings)
      if (!waiting.async) continue
      this.#isArmed = true
      void waiting.value.then(this.#rung)
      return
    }
  }

  readonly #rung = (): void => {
    this.#isArmed = false
    this.#arm()
  }
}

let own: WakeBell | undefined

/** The one bell of this thread. */
export function threadBell(): WakeBell {
  return (own ??= new WakeBell())
}
