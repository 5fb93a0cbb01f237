import { startTimer } from '../timer.js'

export interface UntilOptions {
  /** Milliseconds between two looks. */
  readonly everyMs: number
  /** Milliseconds after which it ends in any case, default for ever. */
  readonly timeoutMs?: number
  /** Ends it at once. */
  readonly signal?: AbortSignal
}

/**
 * Looks until `condition` holds, the first time at once. Resolves to true when it holds, to false when the time has passed or
 * `signal` was aborted. Keeps the process alive meanwhile.
 */
export async function until(condition: () => boolean, options: UntilOptions): Promise<boolean> {
  const { everyMs, timeoutMs = Infinity, signal } = options
  const endMs = performance.now() + timeoutMs
  while (!condition()) {
    const leftMs = endMs - performance.now()
    if (leftMs <= 0 || signal?.aborted) return false
    await pause(Math.min(everyMs, leftMs), signal)
  }
  return true
}

/** Resolves after `ms`, or when `signal` is aborted. Never rejects. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) {
      resolve()
      return
    }
    const finish = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      resolve()
    }
    const timer = startTimer(ms, finish)
    signal?.addEventListener('abort', finish)
  })
}
