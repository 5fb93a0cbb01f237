import { Worker, type ResourceLimits } from 'node:worker_threads'
import type { Logger } from 'pino'
import { DareplaneError } from '../errors.js'
import type { RingHandle } from '../ring/allocate-ring.js'
import { StopEvent } from '../stop-event.js'
import { relayLine } from './job-log.js'
import type { ErrorMessage, JobMessage, JobWorkerData } from './job-messages.js'
import { jobLogger } from './job-logger.js'
import type { Job, JobEnd, JobState } from './job.js'
import { within } from './within.js'

/** How long a thread may take to die after terminate(); beyond that it is in native code, which cannot be interrupted. */
const TERMINATE_LIMIT_MS = 400

export interface WorkerJobOptions {
  /** Given to the job; whatever structured clone can carry. */
  readonly kwargs?: Readonly<Record<string, unknown>>
  /** Handles of rings, from `StreamWatcher.share()`: the job reads the same memory. */
  readonly rings?: readonly RingHandle[]
  /** How long a stopped job may take to leave by itself, default 2000. */
  readonly stopTimeoutMs?: number
  /** Memory limits of the thread, as of node:worker_threads. */
  readonly resourceLimits?: ResourceLimits
  /** What the job is called in the log, default the module's file name. */
  readonly name?: string
  readonly logger?: Logger
  /** @internal For a job in a process of its own, whose standard output is read line by line. */
  readonly logsToStdout?: boolean
}

/** A job in a worker thread of its own. Made by {@link startWorkerJob}. */
export class WorkerJob implements Job {
  readonly kind = 'worker'
  readonly name: string
  readonly stopEvent = new StopEvent()
  readonly done: Promise<JobEnd>
  #state: JobState = 'starting'
  #error: Error | undefined
  #returned = false
  #terminated = false
  #stopping: Promise<JobEnd> | undefined
  readonly #worker: Worker
  readonly #logger: Logger
  readonly #stopTimeoutMs: number

  /** @internal */
  constructor(module: URL, options: WorkerJobOptions = {}) {
    // apply defaults
    const { kwargs = {}, rings = [], stopTimeoutMs = 2000, logger = jobLogger() } = options
    // validate
    if (!(module instanceof URL)) throw new TypeError(`module must be a URL, got ${String(module)}`)
    if (!(stopTimeoutMs >= 0)) throw new RangeError(`stopTimeoutMs must be >= 0, got ${stopTimeoutMs}`)
    // interpret
    this.name = options.name ?? module.pathname.split('/').at(-1) ?? module.href
    this.#logger = logger
    this.#stopTimeoutMs = stopTimeoutMs
    const workerData: JobWorkerData = {
      module: module.href,
      name: this.name,
      kwargs,
      rings,
      stop: this.stopEvent.buffer,
      logLevel: logger.level,
      logsToStdout: options.logsToStdout ?? false,
    }
    // acquire
    const { resourceLimits } = options
    const url = new URL('./job.worker.js', import.meta.url)
    this.#worker = new Worker(url, { workerData, name: this.name, ...(resourceLimits && { resourceLimits }) })
    this.#worker.on('message', (message: JobMessage) => this.#hear(message))
    this.#worker.on('error', error => (this.#error ??= error))
    this.done = new Promise(resolve => this.#worker.once('exit', code => resolve(this.#end(code))))
  }

  get state(): JobState {
    return this.#state
  }

  stop(): Promise<JobEnd> {
    this.#stopping ??= this.#leave()
    return this.#stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #hear(message: JobMessage): void {
    if (message.type === 'running' && this.#state === 'starting') this.#state = 'running'
    else if (message.type === 'returned') this.#returned = true
    else if (message.type === 'failed') this.#error = revive(message.error)
    else if (message.type === 'log') relayLine(this.#logger, this.name, message.line)
  }

  async #leave(): Promise<JobEnd> {
    this.stopEvent.set()
    if (!this.#ended()) this.#state = 'stopping'
    const left = await within(this.#stopTimeoutMs, this.done)
    if (left) return left
    this.#logger.warn(
      { job: this.name, stopTimeoutMs: this.#stopTimeoutMs },
      'job did not stop in time, terminating it',
    )
    this.#terminated = true
    void this.#worker.terminate()
    const killed = await within(TERMINATE_LIMIT_MS, this.done)
    if (killed) return killed
    this.#logger.error({ job: this.name }, 'job is stuck in native code and cannot be terminated')
    return { outcome: 'stuck' }
  }

  #ended(): boolean {
    return this.#state === 'returned' || this.#state === 'failed' || this.#state === 'forced'
  }

  #end(exitCode: number): JobEnd {
    if (this.#error) this.#state = 'failed'
    else if (this.#returned || (this.#state === 'stopping' && exitCode === 0)) this.#state = 'returned'
    else if (this.#terminated) this.#state = 'forced'
    else {
      this.#state = 'failed'
      this.#error = new DareplaneError('ERR_JOB_FAILED', `job ${this.name} left with process.exit(${exitCode})`)
    }
    if (this.#error) this.#logger.error({ job: this.name, err: this.#error }, 'job failed')
    else this.#logger.debug({ job: this.name, outcome: this.#state }, 'job ended')
    return { outcome: this.#state, ...(this.#error && { error: this.#error }) }
  }
}

/**
 * Starts `module` (a file whose default export is a {@link JobModule}) in a worker thread of its own. Returns at once; the
 * thread is up some 40 ms later. Hand the job to a DefaultServer by returning it from a handler, or stop it yourself.
 */
export function startWorkerJob(module: URL, options: WorkerJobOptions = {}): WorkerJob {
  return new WorkerJob(module, options)
}

function revive({ message, stack, code }: ErrorMessage): Error {
  const error = Object.assign(new Error(message), code === undefined ? {} : { code })
  if (stack !== undefined) error.stack = stack
  return error
}
