import type { Logger } from 'pino'
import type { RingHandle } from '../../ring/allocate-ring.js'
import type { StopEvent } from '../../stop-event.js'

/**
 * How a job ended: it `returned` by itself, `failed` (threw, ran out of memory, left with an exit code), was `forced` after
 * its time limit, or is `stuck` in native code that nothing can interrupt and still there.
 */
export interface JobEnd {
  readonly outcome: 'returned' | 'failed' | 'forced' | 'stuck'
  readonly error?: Error
}

/** What a job is doing, or how it has ended. */
export type JobState = 'starting' | 'running' | 'stopping' | Exclude<JobEnd['outcome'], 'stuck'>

/** What runs beside the main thread until its StopEvent is set: a worker thread or a group of processes. */
export interface Job extends AsyncDisposable {
  readonly kind: 'worker' | 'subprocess'
  readonly name: string
  /** Set by {@link Job.stop}; setting it directly asks the job to leave, without a time limit. */
  readonly stopEvent: StopEvent
  readonly state: JobState
  /** Resolves when the job is gone, whatever the reason; never rejects. */
  readonly done: Promise<JobEnd>
  /** Asks the job to leave, forces it after its time limit, resolves when it is gone. Idempotent; never rejects. */
  stop(): Promise<JobEnd>
}

/** What a job module's default export is called with, in its own thread or process. */
export interface JobContext<Kwargs = Record<string, unknown>> {
  readonly kwargs: Kwargs
  readonly stopEvent: StopEvent
  readonly rings: readonly RingHandle[]
  readonly logger: Logger
}

/** The default export of a job module. The job has ended when it returns, or when its promise settles. */
export type JobModule<Kwargs = Record<string, unknown>> = (context: JobContext<Kwargs>) => unknown
