import { randomUUID } from 'node:crypto'
import { BroadcastChannel } from 'node:worker_threads'
import { anything, callback, list, mustBe, options as optionsOf, required } from '../../check.js'
import { jobLogger } from '../../workers/jobs/default-job-logger.js'
import { THREAD_CHECKS, startWorkerJob } from '../../workers/jobs/start-worker-job.js'
import type { WorkerJobOptions } from '../../workers/jobs/start-worker-job.js'
import type { WorkerJob } from '../../workers/jobs/worker-job.js'
import type { DefinedJobKwargs } from './define-job.js'
import { JobOutlet } from './job-outlet.js'
import { handleOf, streamSource } from '../streams/source.js'
import type { StreamSource } from '../streams/source.js'

/** What a job reads, where it may send, and what it is told. */
export interface StartJobOptions<Config, Result> extends Omit<WorkerJobOptions, 'kwargs' | 'rings' | 'isolation'> {
  /** What the job reads: watchers that are connected. The first is its `stream`. */
  readonly streams: readonly StreamSource[]
  /** What the job may send to, by the name that it uses. */
  readonly outlets?: Readonly<Record<string, JobOutlet>>
  readonly config?: Config
  /** Called with each result that the job sends, on this thread. What it throws is logged. */
  readonly onResult?: (result: Result) => void
}

const isOutlets = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.values(value).every(outlet => outlet instanceof JobOutlet)
const checked = optionsOf<StartJobOptions<unknown, never>>(
  'startJob',
  "startJob(new URL('./my.job.js', import.meta.url), { streams: [watcher] })",
  {
    ...THREAD_CHECKS,
    streams: required(list(streamSource)),
    outlets: mustBe('an object of JobOutlets, by the names that the job uses', isOutlets),
    config: anything,
    onResult: callback,
  },
)

/** Starts a job file whose default export defineJob() has made, in a thread of its own. Give it back from a START to let STOP end it. */
export function startJob<Config = Record<string, unknown>, Result = unknown>(
  module: URL,
  options: StartJobOptions<Config, Result>,
): WorkerJob {
  const { streams, outlets = {}, config = {}, onResult, ...rest } = checked(options) as typeof options
  if (streams.length === 0) throw new RangeError('streams must hold at least one stream, got []')
  const kwargs: DefinedJobKwargs = {
    config,
    outlets: Object.fromEntries(Object.entries(outlets).map(([name, outlet]) => [name, outlet.share()])),
    results: `dareplane-job-${randomUUID()}`,
  }
  const channel = new BroadcastChannel(kwargs.results)
  const { logger = jobLogger() } = rest
  channel.onmessage = event => {
    try {
      onResult?.((event as { data: Result }).data)
    } catch (err) {
      // As an error in a handler, it must not end the module: a callback whose target cannot be named, from a SET, is one.
      logger.error({ job: job.name, err }, 'a result of the job was not handled')
    }
  }
  channel.unref()
  const job = startWorkerJob(module, { ...rest, logger, kwargs: { ...kwargs }, rings: streams.map(handleOf) })
  // Results that are on their way when the thread ends still come before the next turn but one.
  void job.done.then(() => setImmediate(() => setImmediate(() => channel.close())))
  return job
}
