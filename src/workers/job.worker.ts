// The thread of one worker job: imports the job's module and calls its default export until it returns.
import { parentPort, workerData } from 'node:worker_threads'
import type { Logger } from 'pino'
import { StopEvent } from '../stop-event.js'
import { errorCode } from '../errors.js'
import { nameLogThread } from '../logging/thread-name.js'
import { forwardingLogger } from './job-log.js'
import type { JobContext, JobModule } from './job.js'
import type { JobMessage, JobWorkerData } from './job-messages.js'

/** How long handles that a returned job has left open may keep its thread. */
const LINGER_MS = 100

const { module, name, kwargs, rings, stop, logLevel, logsToStdout } = workerData as JobWorkerData
nameLogThread(name)
const say = (message: JobMessage): void => parentPort?.postMessage(message)

let logger: Logger | undefined
const stopEvent = new StopEvent(stop)
const context: JobContext = {
  kwargs: Object.assign(Object.create(null) as Record<string, unknown>, kwargs),
  stopEvent,
  rings,
  // Made when first asked for: a thread of its own loads pino in 20 ms, as long as the whole thread takes to start.
  get logger() {
    logger ??= forwardingLogger(logLevel, logsToStdout ? 'stdout' : line => say({ type: 'log', line }))
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
  const error = thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown })
  say({ type: 'failed', error: { message: error.message, stack: error.stack, code: errorCode(error) } })
}
setTimeout(() => process.exit(), LINGER_MS).unref()
