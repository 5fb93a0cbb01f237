// The thread of one worker job: imports the job's module and calls its default export until it returns.
import { workerData } from 'node:worker_threads'
import type { Logger } from 'pino'
import { nameLogThread } from '../../logging/thread-name.js'
import { StopEvent } from '../../stop-event.js'
import { describeThrown } from '../thrown.js'
import type { JobContext, JobModule } from './job.js'
import type { JobMessage, JobWorkerData } from './job-messages.js'
import { sharedMemoryLogger, standardOutputLogger } from './job-records.js'

/** How long handles that a returned job has left open may keep its thread. */
const LINGER_MS = 100

const { module, name, kwargs, rings, stop, logLevel, log, port } = workerData as JobWorkerData
nameLogThread(name)
const say = (message: JobMessage): void => port.postMessage(message)

let logger: Logger | undefined
const stopEvent = new StopEvent(stop)
const context: JobContext = {
  kwargs: Object.assign(Object.create(null) as Record<string, unknown>, kwargs),
  stopEvent,
  rings,
  get logger() {
    logger ??= log ? sharedMemoryLogger(logLevel, log) : standardOutputLogger(logLevel)
    return logger
  },
}

try {
  // A job that was stopped before it began is not begun.
  if (!stopEvent.isSet) {
    const { default: job } = (await import(module)) as { default?: JobModule }
    if (typeof job !== 'function') throw new TypeError(`${module} has no default export that is a function`)
    say({ type: 'running' })
    await job(context)
  }
  say({ type: 'returned' })
} catch (thrown) {
  say({ type: 'failed', error: describeThrown(thrown) })
}
setTimeout(() => process.exit(), LINGER_MS).unref()
