import { availableParallelism } from 'node:os'
import type { Piscina } from 'piscina'
import { abortSignal, moduleUrl, options } from '../check.js'
import { refusesFiles } from '../system/start.js'
import { reviveThrown } from './thrown.js'
import type { PoolTask, PoolOutcome } from './pool-task.worker.js'

let pool: Promise<Piscina<PoolTask, PoolOutcome>> | undefined

/** Piscina is loaded by the first task: most processes have none. */
async function startPool(): Promise<Piscina<PoolTask, PoolOutcome>> {
  const { Piscina } = await import('piscina')
  return new Piscina({
    filename: new URL('./pool-task.worker.js', import.meta.url).href,
    maxThreads: Math.max(1, availableParallelism() - 1),
    // Idle threads cost memory, not time: they wait on a futex, which must not keep the process alive either.
    idleTimeout: 10_000,
    // Piscina starts its threads from a file, which some options of this process do not allow.
    ...(refusesFiles() && { execArgv: [] }),
  })
}

/** What ends a task of the pool early. */
export interface RunInPoolOptions {
  /** Ends the task when it is aborted, and its thread if it runs. */
  readonly signal?: AbortSignal
}

const checked = options<RunInPoolOptions>('runInPool', 'runInPool(module, task, { signal })', { signal: abortSignal })

/**
 * Runs the default export of `module` on `task` in one thread of a pool that the whole process shares: for short work that
 * would keep the main thread busy. What takes long or waits belongs into a worker job. Rejects with what the function throws,
 * or with an AbortError; aborting a task that runs ends its thread.
 */
export async function runInPool(module: URL, task: unknown, options?: RunInPoolOptions): Promise<unknown> {
  moduleUrl('module', module)
  const { signal } = checked(options)
  signal?.throwIfAborted()
  pool ??= startPool().catch((error: unknown) => {
    // The pool is forgotten, so that the next task starts it again.
    pool = undefined
    throw error
  })
  const running = await pool
  signal?.throwIfAborted()
  const outcome = await running.run({ module: module.href, task }, signal ? { signal } : {})
  if ('thrown' in outcome) throw reviveThrown(outcome.thrown)
  return outcome.value
}

/** Ends the threads of the pool; tasks that run are aborted. The next task starts a new one. Idempotent. */
export async function closePool(): Promise<void> {
  const closing = pool
  pool = undefined
  await (await closing?.catch(() => undefined))?.destroy()
}
