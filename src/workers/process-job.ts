import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { jobLogger } from './job-logger.js'
import { relayLine } from './job-log.js'
import { SubprocessJob } from './subprocess-job.js'

export interface ProcessJobOptions {
  /** Given to the job, as JSON. */
  readonly kwargs?: Readonly<Record<string, unknown>>
  /** How long a stopped job may take to leave by itself, default 2000. */
  readonly stopTimeoutMs?: number
  readonly name?: string
  readonly logger?: Logger
}

/** What the process of a job is told on its standard input. */
export interface ProcessJobData {
  readonly module: string
  readonly kwargs: Record<string, unknown>
  readonly name: string
  readonly stopTimeoutMs: number
  readonly logLevel: string
}

/** The process dies this much later than its job was to end in it, so that the job's own end is what counts. */
const MARGIN_MS = 300

/**
 * Runs the same kind of module as `startWorkerJob` in a process of its own: for code that may crash. It gets kwargs that JSON
 * can carry, a StopEvent and a logger; memory cannot be shared with it, so it gets no rings.
 */
export function startProcessJob(module: URL, options: ProcessJobOptions = {}): SubprocessJob {
  const { kwargs = {}, stopTimeoutMs = 2000, logger = jobLogger() } = options
  if (!(module instanceof URL)) throw new TypeError(`module must be a URL, got ${String(module)}`)
  const name = options.name ?? module.pathname.split('/').at(-1) ?? module.href
  const data: ProcessJobData = { module: module.href, kwargs, name, stopTimeoutMs, logLevel: logger.level }
  // From the sources, the process needs the loader that this one was started with.
  const loader = import.meta.url.endsWith('.ts') ? process.execArgv : []
  const file = fileURLToPath(new URL('./job.process.js', import.meta.url))
  return new SubprocessJob(process.execPath, [...loader, file], {
    name,
    logger,
    input: JSON.stringify(data),
    termAfterMs: stopTimeoutMs,
    stopTimeoutMs: stopTimeoutMs + MARGIN_MS,
    onLine: line => relayLine(logger, name, line),
  })
}
