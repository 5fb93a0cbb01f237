import type { MessagePort } from 'node:worker_threads'
import type { RingHandle } from '../../ring/allocate-ring.js'
import type { Thrown } from '../thrown.js'

/** What the thread of a job is started with. */
export interface JobWorkerData {
  readonly module: string
  /** What the thread is called in the records of its own loggers. */
  readonly name: string
  readonly kwargs: Record<string, unknown>
  readonly rings: readonly RingHandle[]
  readonly stop: SharedArrayBuffer
  readonly logLevel: string
  /** The memory that takes its log lines; without it they go to the standard output of the process. */
  readonly log: SharedArrayBuffer | undefined
  /** Where it says a {@link JobMessage}. A port of our own: what a module posts to its parent is none of these. */
  readonly port: MessagePort
}

/** What the thread of a job says. */
export type JobMessage =
  { readonly type: 'running' } | { readonly type: 'returned' } | { readonly type: 'failed'; readonly error: Thrown }
