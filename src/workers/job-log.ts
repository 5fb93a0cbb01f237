import { createRequire } from 'node:module'
import type { Logger } from 'pino'

type Pino = typeof import('pino')
let shared: Logger | undefined

/** The logger of a job's thread: every record goes to `send` as one JSON line, for {@link relayLine} on the other side. */
export function forwardingLogger(level: string, send: (line: string) => void): Logger {
  if (shared) return shared
  const { pino } = createRequire(import.meta.url)('pino') as Pino
  shared = pino({ level, base: null, timestamp: false }, { write: send })
  return shared
}

/** Logs a line of a {@link forwardingLogger} here, with its level and fields, as of `job`. Never throws. */
export function relayLine(logger: Logger, job: string, line: string): void {
  try {
    const { level, msg, ...fields } = JSON.parse(line) as { level: number; msg?: string }
    const label = logger.levels.labels[level] ?? 'info'
    logger[label as 'info']({ ...fields, job }, msg ?? '')
  } catch {
    // A line that is no record is still something the job said.
    logger.info({ job }, line)
  }
}
