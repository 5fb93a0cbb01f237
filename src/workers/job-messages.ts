import type { RingHandle } from '../ring/allocate-ring.js'

/** What the thread of a job is started with. */
export interface JobWorkerData {
  readonly module: string
  /** What the thread is called in the records of its own loggers. */
  readonly name: string
  readonly kwargs: Record<string, unknown>
  readonly rings: readonly RingHandle[]
  readonly stop: SharedArrayBuffer
  readonly logLevel: string
  /** Whether it writes its records to the standard output of its process, or says them. */
  readonly logsToStdout: boolean
}

/** An error on its way between threads, where class and `code` would be lost. */
export interface ErrorMessage {
  readonly message: string
  readonly stack?: string | undefined
  readonly code?: string | undefined
}

/** What the thread of a job says. */
export type JobMessage =
  | { readonly type: 'running' }
  | { readonly type: 'returned' }
  | { readonly type: 'failed'; readonly error: ErrorMessage }
  | { readonly type: 'log'; readonly line: string }
