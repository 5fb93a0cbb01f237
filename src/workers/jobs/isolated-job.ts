import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { jobLogger } from './default-job-logger.js'
import { inheritedArguments } from '../../system/start.js'
import { LONGEST_RECORD, relayLine } from './job-records.js'
import { SubprocessJob } from './subprocess-job.js'
import type { SubprocessJobOptions } from './subprocess-job.js'

interface Options {
  readonly kwargs?: Readonly<Record<string, unknown>>
  readonly stopTimeoutMs?: number
  readonly name?: string
  readonly logger?: Logger
}

/** What the process of a job is told on its standard input. */
export interface ProcessJobData {
  readonly module: string
  readonly kwargs: Record<string, unknown>
  readonly name: string
  /** Absent for ever, which JSON does not know. */
  readonly stopTimeoutMs?: number
  readonly logLevel: string
}

/** The process dies this much later than its job was to end in it, so that the job's own end is what counts. */
const MARGIN_MS = 300

/** Runs a job's module in a process of its own, in which a thread runs it. */
export function startIsolatedJob(module: URL, options: Options): SubprocessJob {
  const { kwargs = {}, stopTimeoutMs = 2000, logger = jobLogger() } = options
  const name = options.name ?? module.pathname.split('/').at(-1) ?? module.href
  const limit = Number.isFinite(stopTimeoutMs) ? { stopTimeoutMs } : {}
  const data: ProcessJobData = { module: module.href, kwargs, name, ...limit, logLevel: logger.level }
  const file = fileURLToPath(new URL('./isolated-job.process.js', import.meta.url))
  const subprocess: SubprocessJobOptions = {
    name,
    logger,
    input: JSON.stringify(data),
    termAfterMs: stopTimeoutMs,
    stopTimeoutMs: stopTimeoutMs + MARGIN_MS,
    onLine: line => relayLine(logger, name, line),
  }
  const args = [...inheritedArguments(), file]
  // The end of the channel is what tells the job to stop: there are no signals on Windows.
  return new SubprocessJob(process.execPath, args, subprocess, { hasChannel: true, longestLine: LONGEST_RECORD })
}
