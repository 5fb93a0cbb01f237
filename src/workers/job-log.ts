import { createRequire } from 'node:module'
import type { Logger } from 'pino'

type Pino = typeof import('pino')

/**
 * The logger of a job's thread: every record goes, as one JSON line for {@link relayLine} on the other side, to `send` or,
 * in a process of its own, to the standard output, before the call returns: a crash right after it does not lose it.
 */
export function forwardingLogger(level: string, send: ((line: string) => void) | 'stdout'): Logger {
  const { pino } = createRequire(import.meta.url)('pino') as Pino
  const options = { level, base: null, timestamp: false } as const
  return send === 'stdout' ? pino(options, pino.destination({ fd: 1, sync: true })) : pino(options, { write: send })
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
