import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { MessagePort, ResourceLimits, Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import { DareplaneError } from '../../errors.js'
import type { RingHandle } from '../../ring/allocate-ring.js'
import { StopEvent } from '../../stop-event.js'
import { startThread } from '../../system/start.js'
import { within } from '../../system/within.js'
import { revivedError } from '../thrown.js'
import { JobLog } from './job-log.js'
import type { JobMessage, JobWorkerData } from './job-messages.js'
import { relayLine } from './job-records.js'
import { jobLogger } from './default-job-logger.js'
import type { Job, JobEnd, JobState } from './job.js'

/** How long a thread may take to die after terminate(); beyond that it is in native code, which cannot be interrupted. */
const TERMINATE_LIMIT_MS = 400

interface Options {
  readonly kwargs?: Readonly<Record<string, unknown>>
  readonly rings?: readonly RingHandle[]
  readonly stopTimeoutMs?: number
  readonly resourceLimits?: ResourceLimits
  readonly name?: string
  readonly logger?: Logger
  /** For the thread of a job in a process of its own, whose standard output is read line by line. */
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
  readonly #port: MessagePort
  readonly #log: JobLog | undefined
  readonly #logger: Logger
  readonly #stopTimeoutMs: number

  /** @internal */
  constructor(module: URL, options: Options = {}) {
    // apply defaults
    const { kwargs = {}, rings = [], stopTimeoutMs = 2000, logger = jobLogger() } = options
    // interpret
    this.name = options.name ?? module.pathname.split('/').at(-1) ?? module.href
    this.#logger = logger
    this.#stopTimeoutMs = stopTimeoutMs
    const channel = new MessageChannel()
    this.#port = channel.port1
    this.#log = options.logsToStdout === true ? undefined : this.#openLog()
    const workerData: JobWorkerData = {
      module: module.href,
      name: this.name,
      kwargs,
      rings,
      stop: this.stopEvent.buffer,
      logLevel: logger.level,
      log: this.#log?.buffer,
      port: channel.port2,
    }
    // acquire
    const { resourceLimits } = options
    this.#worker = startThread(new URL('./worker-job.worker.js', import.meta.url), {
      workerData,
      name: this.name,
      transferList: [channel.port2],
      ...(resourceLimits && { resourceLimits }),
    })
    this.#port.on('message', (message: JobMessage) => this.#hear(message))
    // The thread keeps this process alive, its port need not.
    this.#port.unref()
    this.#worker.on('error', error => (this.#error ??= error))
    this.done = new Promise(resolve => this.#worker.once('exit', code => void this.#end(code).then(resolve)))
  }

  get state(): JobState {
    return this.#state
  }

  stop(): Promise<JobEnd> {
    this.#stopping ??= this.#leave()
    return this.#stopping
  }

  /** For `await using`: the same as {@link WorkerJob.stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #hear(message: JobMessage): void {
    if (message.type === 'running' && this.#state === 'starting') this.#state = 'running'
    else if (message.type === 'returned') this.#returned = true
    else if (message.type === 'failed') this.#error = revivedError(message.error)
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

  #openLog(): JobLog {
    return new JobLog({
      line: (line, level) => relayLine(this.#logger, this.name, line, level),
      missing: count =>
        this.#logger.warn(
          { job: this.name, missing: count },
          'a job logs faster than its lines can be taken, lines are missing',
        ),
    })
  }

  async #end(exitCode: number): Promise<JobEnd> {
    // The last messages of the thread may still be on the port after its end.
    for (let last; (last = receiveMessageOnPort(this.#port)) !== undefined;) this.#hear(last.message as JobMessage)
    this.#port.close()
    await this.#log?.close()
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
