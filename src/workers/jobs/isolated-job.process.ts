// The process of one process job: runs the job's module in a thread, so that the module may block, and stops it on signals.
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { childStopEvent } from './child-stop-event.js'
import { WorkerJob } from './worker-job.js'
import type { ProcessJobData } from './isolated-job.js'

const stopEvent = childStopEvent()
const {
  module,
  kwargs,
  name,
  stopTimeoutMs = Infinity,
  logLevel,
} = JSON.parse(await text(process.stdin)) as ProcessJobData
const logger = pino({ level: logLevel, base: null, timestamp: false })
const job = new WorkerJob(new URL(module), { kwargs, name, stopTimeoutMs, logger, logsToStdout: true })
// Setting the event on the way out lets the wait for it end.
void job.done.then(() => stopEvent.set())
await stopEvent.waitAsync()
const { outcome } = await job.stop()
process.exit(outcome === 'returned' ? 0 : 1)
