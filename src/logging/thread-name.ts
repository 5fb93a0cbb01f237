import { isMainThread, threadId } from 'node:worker_threads'

let threadName = isMainThread ? 'MainThread' : `worker-${threadId}`

/** Names this thread in its records, as Python names its threads. To be called before the thread's first getLogger. @public */
export function nameLogThread(name: string): void {
  threadName = name
}

/** What this thread is called in its records. Apart from the rest of logging, so that a job's thread need not load that. */
export function logThreadName(): string {
  return threadName
}
