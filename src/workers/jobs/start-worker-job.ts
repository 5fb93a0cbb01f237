import type { ResourceLimits } from 'node:worker_threads'
import { list, logger, milliseconds, moduleUrl, nonEmpty, object, oneOf, options } from '../../check.js'
import type { Checks } from '../../check.js'
import type { Logger } from '../../logging/get-logger.js'
import type { RingHandle } from '../../ring/allocate-ring.js'
import { ringHandle } from '../../ring/ring-memory.js'
import { startIsolatedJob } from './isolated-job.js'
import type { SubprocessJob } from './subprocess-job.js'
import { WorkerJob } from './worker-job.js'

/** What a job is given, and how it may end. */
export interface WorkerJobOptions {
  /** Given to the job: whatever structured clone can carry, or JSON to a process of its own. */
  readonly kwargs?: Readonly<Record<string, unknown>>
  /** Handles of rings, from `StreamWatcher.share()`: the job reads the same memory. Not for a process of its own. */
  readonly rings?: readonly RingHandle[]
  /** How long a stopped job may take to leave by itself, default 2000; Infinity is for ever. */
  readonly stopTimeoutMs?: number
  /** Memory limits of the thread, as of node:worker_threads. Not for a process of its own. */
  readonly resourceLimits?: ResourceLimits
  /** What the job is called in the log, default the module's file name. */
  readonly name?: string
  /** Takes what the job logs. Default: one for all jobs, named `dareplane.jobs`. */
  readonly logger?: Logger
  /** Where the job runs. Default 'thread': in this process. 'process': in one of its own, for code that may crash. */
  readonly isolation?: 'thread' | 'process'
}

/** Of what every job in a thread is started with. */
export const THREAD_CHECKS: Checks<Pick<WorkerJobOptions, 'stopTimeoutMs' | 'resourceLimits' | 'name' | 'logger'>> = {
  stopTimeoutMs: milliseconds({ forever: true }),
  resourceLimits: object,
  name: nonEmpty,
  logger,
}

const checked = options<WorkerJobOptions>(
  'startWorkerJob',
  "startWorkerJob(new URL('./my.job.js', import.meta.url), { kwargs: { channel: 2 } })",
  { ...THREAD_CHECKS, kwargs: object, rings: list(ringHandle), isolation: oneOf('thread', 'process') },
)

/**
 * Starts `module` (a file whose default export is a {@link JobModule}) in a worker thread of its own. Returns at once; the
 * thread is up some 40 ms later. Hand the job to a DefaultServer by returning it from a handler, or stop it yourself.
 *
 * With `isolation: 'process'` it runs in a process of its own, which may crash alone. Memory cannot be shared with that: it gets
 * no rings, and its kwargs travel as JSON.
 *
 * @example
 * ```ts
 * import { startWorkerJob } from 'dareplane-utils'
 *
 * const job = startWorkerJob(new URL('./power.job.js', import.meta.url), { kwargs: { channel: 2 } })
 * setTimeout(() => void job.stop(), 10_000)
 * console.log(await job.done)
 * ```
 */
export function startWorkerJob(
  module: URL,
  options: WorkerJobOptions & { readonly isolation: 'process' },
): SubprocessJob
export function startWorkerJob(module: URL, options?: WorkerJobOptions & { readonly isolation?: 'thread' }): WorkerJob
export function startWorkerJob(module: URL, options?: WorkerJobOptions): WorkerJob | SubprocessJob
export function startWorkerJob(module: URL, options?: WorkerJobOptions): WorkerJob | SubprocessJob {
  moduleUrl('module', module)
  const { isolation = 'thread', rings, resourceLimits, ...common } = checked(options)
  if (isolation === 'thread')
    return new WorkerJob(module, { ...common, ...(rings && { rings }), ...(resourceLimits && { resourceLimits }) })
  if (rings !== undefined || resourceLimits !== undefined)
    throw new TypeError(`${rings ? 'rings' : 'resourceLimits'} must be left out with isolation: 'process'`)
  return startIsolatedJob(module, common)
}
