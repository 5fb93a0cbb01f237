import type { Logger } from 'pino'
import type { Job, JobEnd } from '../workers/jobs/job.js'
import type { SubprocessJob } from '../workers/jobs/subprocess-job.js'
import type { WorkerJob } from '../workers/jobs/worker-job.js'

/** How one job has answered to a stop. */
export interface JobEnding {
  readonly job: string
  readonly outcome: JobEnd['outcome']
}

/** A job that runs, and the command that has started it. */
export interface RunningJob {
  readonly pcomm: string
  readonly job: string
  readonly kind: Job['kind']
  readonly ageMs: number
}

/** The jobs that a server keeps: they leave the books when they end, and all are stopped at once. */
export class JobTable {
  readonly threads = new Map<string, WorkerJob>()
  readonly processes = new Map<string, SubprocessJob>()
  readonly #logger: Logger
  readonly #commands = new Map<Job, { readonly pcomm: string; readonly startedAt: number }>()
  #count = 0

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** Keeps `job`, which command `name` has started, until it ends. */
  add(name: string, job: WorkerJob | SubprocessJob): void {
    // The count keeps the keys of two jobs apart that start in the same millisecond; Python's keys are the same then.
    const key = `${Date.now()}_${++this.#count}_${name}`
    const books: Map<string, Job> = job.kind === 'worker' ? this.threads : this.processes
    books.set(key, job)
    this.#commands.set(job, { pcomm: name, startedAt: performance.now() })
    const forget = (): void => {
      books.delete(key)
      this.#commands.delete(job)
    }
    void job.done.then(forget, forget)
  }

  /** The jobs that have not ended, oldest first. */
  running(): RunningJob[] {
    const now = performance.now()
    return Array.from(this.#commands, ([{ name: job, kind }, { pcomm, startedAt }]) => {
      return { pcomm, job, kind, ageMs: Math.round(now - startedAt) }
    })
  }

  /** Stops the jobs of one kind or all, in parallel; resolves when they are gone or past every limit. Never rejects. */
  async stop(kind?: Job['kind']): Promise<JobEnding[]> {
    const jobs = [...this.#commands.keys()].filter(job => kind === undefined || job.kind === kind)
    const started = performance.now()
    const endings = await Promise.all(jobs.map(job => this.end(job)))
    const forced = endings.filter(({ outcome }) => outcome === 'forced' || outcome === 'stuck').map(({ job }) => job)
    const fields = { stopped: jobs.length, forced, ms: Math.round(performance.now() - started) }
    if (forced.length > 0) this.#logger.warn(fields, 'jobs stopped, some by force')
    else if (jobs.length > 0) this.#logger.info(fields, 'jobs stopped')
    return endings
  }

  /** Stops one job; resolves when it is gone or past every limit. Never rejects. */
  async end(job: Job): Promise<JobEnding> {
    try {
      const { outcome } = await job.stop()
      return { job: job.name, outcome }
    } catch (err) {
      this.#logger.error({ job: job.name, err }, 'job cannot be stopped')
      return { job: job.name, outcome: 'stuck' }
    }
  }
}

/** True for what a handler may return to have it kept and stopped. */
export function isJob(value: unknown): value is WorkerJob | SubprocessJob {
  if (typeof value !== 'object' || value === null) return false
  const { kind, name, done, stop } = value as Partial<Record<keyof Job, unknown>>
  const isOfKind = kind === 'worker' || kind === 'subprocess'
  return isOfKind && typeof name === 'string' && typeof stop === 'function' && done instanceof Promise
}
