import { startTimer } from '../timer.js'
import type { FrameSink } from './engine.js'

/**
 * The one pull that waits for samples. Its timer keeps the process alive while it waits, and is reused: thousands of pulls
 * a second make no timer each.
 */
export class WaitingPull {
  sink: FrameSink | undefined
  #resolve: ((frames: number) => void) | undefined
  #reject: ((error: Error) => void) | undefined
  #timer: NodeJS.Timeout | undefined
  #timerMs = 0

  /** Resolves with what {@link WaitingPull.finish} gives, or 0 after `waitMs`. */
  wait(sink: FrameSink, waitMs: number): Promise<number> {
    this.finish(0)
    this.sink = sink
    if (this.#timer === undefined || this.#timerMs !== waitMs) {
      clearTimeout(this.#timer)
      this.#timer = startTimer(waitMs, () => this.finish(0))
      this.#timerMs = waitMs
    } else {
      this.#timer.refresh()
    }
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  finish(frames: number): void {
    const resolve = this.#resolve
    this.#forget()
    resolve?.(frames)
  }

  fail(error: Error): void {
    const reject = this.#reject
    this.#forget()
    reject?.(error)
  }

  close(): void {
    this.finish(0)
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #forget(): void {
    this.sink = undefined
    this.#resolve = undefined
    this.#reject = undefined
  }
}
