/** Layout of the one shared word: 0 while running, 1 once stopped. */
const FLAG = 0

/**
 * A stop flag that any number of threads share (the threading.Event of the Python modules). Give `buffer` to a worker and
 * attach with `new StopEvent(buffer)`. Any thread may set and read it; only workers may block in {@link StopEvent.wait}.
 */
export class StopEvent {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array

  /** Attaches to `buffer`, or makes a new flag that is not set. */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.buffer = buffer
    this.#words = new Int32Array(buffer, 0, 1)
  }

  /** True once {@link StopEvent.set} was called on any thread; never stale. */
  get isSet(): boolean {
    return Atomics.load(this.#words, FLAG) === 1
  }

  /** Stops: wakes every thread that waits. Idempotent. */
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
    Atomics.wait(this.#words, FLAG, 0, timeoutMs)
    return this.isSet
  }

  /**
   * Resolves when the event is set (true) or `timeoutMs` has passed (false). Any thread; keeps the process alive while it
   * is awaited, which Atomics.waitAsync alone does not.
   */
  async waitAsync(timeoutMs = Infinity): Promise<boolean> {
    const waiting = Atomics.waitAsync(this.#words, FLAG, 0)
    if (!waiting.async) return this.isSet
    // One timer serves as time limit and as the handle that keeps the loop alive; a timed waitAsync would leave its own behind.
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>(resolve => {
      timer = Number.isFinite(timeoutMs) ? setTimeout(resolve, timeoutMs) : setInterval(() => undefined, 2 ** 30)
    })
    await Promise.race([waiting.value, limit])
    clearTimeout(timer)
    return this.isSet
  }
}
