import { mustBe } from './check.js'
import { startTimer } from './timer.js'
import { checkWaitMs } from './wait-time.js'

/** Layout of the one shared word: 0 while running, 1 once stopped. */
const FLAG = 0

const flagBuffer = mustBe(
  'a SharedArrayBuffer of at least 4 bytes',
  (value): value is SharedArrayBuffer => value instanceof SharedArrayBuffer,
  ({ byteLength }) => byteLength >= 4,
)

/**
 * A stop flag that any number of threads share (the threading.Event of the Python modules). Give `buffer` to a worker and
 * attach with `new StopEvent(buffer)`. Any thread may set and read it; only workers may block in {@link StopEvent.wait}.
 *
 * @example
 * ```ts
 * import { StopEvent } from 'dareplane-utils'
 *
 * // In a worker thread that was given `buffer`.
 * export function work(buffer: SharedArrayBuffer): void {
 *   const stopEvent = new StopEvent(buffer)
 *   while (!stopEvent.wait(100)) console.log('every 100 ms, until it is set')
 * }
 * ```
 */
export class StopEvent {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #waiting = new Set<() => void>()
  #armed = false

  /** Attaches to `buffer`, or makes a new flag that is not set. */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    flagBuffer('buffer', buffer)
    this.buffer = buffer
    this.#words = new Int32Array(buffer, 0, 1)
  }

  /** True once {@link StopEvent.set} was called on any thread; never stale. */
  get isSet(): boolean {
    return Atomics.load(this.#words, FLAG) === 1
  }

  /** Stops: wakes every thread that waits. Idempotent; any thread; never blocks. */
  set(): void {
    Atomics.store(this.#words, FLAG, 1)
    Atomics.notify(this.#words, FLAG)
  }

  /** Makes the event usable again. */
  clear(): void {
    Atomics.store(this.#words, FLAG, 0)
  }

  /** Blocks this thread until the event is set or `timeoutMs` has passed; answers whether it is set. Workers only. */
  wait(timeoutMs = Infinity): boolean {
    checkWaitMs(timeoutMs)
    Atomics.wait(this.#words, FLAG, 0, timeoutMs)
    return this.isSet
  }

  /**
   * Resolves when the event is set (true) or `timeoutMs` has passed (false); Infinity, and 2^31 ms or more, is for ever. Any thread; keeps the process alive while it
   * is awaited, which Atomics.waitAsync alone does not.
   */
  async waitAsync(timeoutMs = Infinity): Promise<boolean> {
    checkWaitMs(timeoutMs)
    if (this.isSet) return true
    return new Promise(resolve => {
      const finish = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(finish)
        resolve(this.isSet)
      }
      const timer = startTimer(timeoutMs, finish)
      this.#waiting.add(finish)
      this.#arm()
    })
  }

  // One Atomics.waitAsync serves every call: it cannot be cancelled, so one per timed call would pile up in a polling loop.
  #arm(): void {
    if (this.#armed) return
    const waiting = Atomics.waitAsync(this.#words, FLAG, 0)
    if (!waiting.async) {
      this.#wake()
      return
    }
    this.#armed = true
    void waiting.value.then(() => {
      this.#armed = false
      this.#wake()
    })
  }

  #wake(): void {
    for (const finish of [...this.#waiting]) finish()
  }
}
