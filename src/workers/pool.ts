import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'

let pool: Piscina | undefined

/**
 * Runs the default export of `module` on `task` in one thread of a pool that the whole process shares: for short work that
 * would keep the main thread busy. What takes long or waits belongs into a worker job. Rejects as the function does, or
 * with an AbortError; aborting a task that runs ends its thread.
 */
export async function runInPool(
  module: URL,
  task: unknown,
  options: { readonly signal?: AbortSignal } = {},
): Promise<unknown> {
  if (!(module instanceof URL)) throw new TypeError(`module must be a URL, got ${String(module)}`)
  options.signal?.throwIfAborted()
  pool ??= new Piscina({
    maxThreads: Math.max(1, availableParallelism() - 1),
    // Idle threads cost memory, not time: they wait on a futex, which must not keep the process alive either.
    idleTimeout: 10_000,
  })
  return pool.run(task, { filename: module.href, ...(options.signal && { signal: options.signal }) })
}

/** Ends the threads of the pool; tasks that run are aborted. The next task starts a new one. Idempotent. */
export async function closePool(): Promise<void> {
  const closing = pool
  pool = undefined
  await closing?.destroy()
}
