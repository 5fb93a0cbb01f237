import type { Logger } from 'pino'
import type { WorkerJob } from '../workers/job-thread.js'
import type { Job } from '../workers/job.js'
import type { SubprocessJob } from '../workers/subprocess-job.js'

/** The jobs that a server keeps: they leave the books when they end, and all are stopped at once. */
export class JobTable {
  readonly threads = new Map<string, WorkerJob>()
  readonly processes = new Map<string, SubprocessJob>()
  readonly #logger: Logger
  #count = 0

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** Keeps `job`, which command `name` has started, until it ends. */
  add(name: string, job: WorkerJob | SubprocessJob): void {
    // The count keeps two jobs of one clock tick apart, which Python's keys do not.
    const key = `${Date.now()}_${++this.#count}_${name}`
    const books: Map<string, Job> = job.kind === 'worker' ? this.threads : this.processes
    books.set(key, job)
    void job.done.then(() => books.delete(key))
  }

  /** Stops the jobs of one kind or all, in parallel; resolves when they are gone or past every limit. Never rejects. */
  async stop(kind?: Job['kind']): Promise<void> {
    const jobs: Job[] = [
      ...(kind === 'subprocess' ? [] : this.threads.values()),
      ...(kind === 'worker' ? [] : this.processes.values()),
    ]
    const started = performance.now()
    const ends = await Promise.all(jobs.map(async job => ({ job: job.name, ...(await job.stop()) })))
    const forced = ends.filter(end => end.outcome === 'forced' || end.outcome === 'stuck').map(end => end.job)
    const fields = { stopped: jobs.length, forced, ms: Math.round(performance.now() - started) }
    if (forced.length > 0) this.#logger.warn(fields, 'jobs stopped, some by force')
    else this.#logger.info(fields, 'jobs stopped')
  }
}

/** True for what a handler may return to have it kept and stopped. */
export function isJob(value: unknown): value is WorkerJob | SubprocessJob {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('stop' in value) || !('done' in value)) {
    return false
  }
  return (value.kind === 'worker' || value.kind === 'subprocess') && typeof value.stop === 'function'
}
