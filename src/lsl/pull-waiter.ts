import { startTimer } from '../timer.js'
import type { EngineInlet, FrameSink } from './engine.js'

/**
 * The one who waits for an inlet that does not block. The timer keeps the process alive meanwhile, and is reused: thousands of
 * waits a second make no timer each, and no promise.
 */
export class PullWaiter {
  #wake: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined
  #timerMs = 0

  /** Calls `wake` once: at the next {@link PullWaiter.wake}, after `waitMs` at the latest. Replaces who waited before. */
  wait(wake: () => void, waitMs: number): void {
    this.#wake = wake
    if (this.#timer === undefined || this.#timerMs !== waitMs) {
      clearTimeout(this.#timer)
      this.#timer = startTimer(waitMs, () => this.wake())
      this.#timerMs = waitMs
    } else {
      this.#timer.refresh()
    }
  }

  /** There is something to pull, or nothing will come. */
  wake(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.wake()
  }
}

/** A pull that waits at most `waitMs` for its first frame, of any inlet. One that blocks does so here too. */
export async function pullWithin(inlet: EngineInlet, sink: FrameSink, waitMs: number): Promise<number> {
  const frames = inlet.pull(sink, waitMs)
  if (frames > 0 || inlet.wait === undefined) return frames
  await new Promise<void>(resolve => inlet.wait?.(resolve, waitMs))
  return inlet.pull(sink, waitMs)
}
