import { createRequire } from 'node:module'
import type { Logger } from 'pino'
import { LogRingWriter } from '../../logging/sender/thread-ring/log-ring-writer.js'

type Pino = typeof import('pino')

/** The longest line that a job's process writes. A longer one is cut, and stays a record with its level. */
export const LONGEST_RECORD = 256 * 1024

const OPTIONS = { base: null, timestamp: false } as const

/** pino is loaded when a job first asks for its logger: that takes 20 ms, half of what a thread needs to start. */
const loadPino = (): Pino => createRequire(import.meta.url)('pino') as Pino

/** The logger of a job's thread: it writes its records, as JSON lines, into the memory of a {@link JobLog}. Never waits. */
export function sharedMemoryLogger(level: string, buffer: SharedArrayBuffer): Logger {
  const writer = new LogRingWriter(buffer)
  const destination = {
    // pino sets lastLevel before each write of a destination with this mark.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 30,
    write(line: string): void {
      writer.write(0, destination.lastLevel, 0, line)
    },
  }
  return loadPino().pino({ level, ...OPTIONS }, destination)
}

/**
 * The logger of a job in a process of its own: its records are on the standard output before the call returns, so that a crash
 * right after it does not lose them. A call waits while the pipe is full.
 */
export function standardOutputLogger(level: string): Logger {
  const { pino } = loadPino()
  const output = pino.destination({ fd: 1, sync: true })
  return pino({ level, ...OPTIONS, hooks: { streamWrite: shortened } }, output)
}

/** Logs a line of a job's logger here, with its level and fields, as of `job`. Never throws. */
export function relayLine(logger: Logger, job: string, line: string, levelOfLine?: number): void {
  try {
    const { level, msg, ...fields } = JSON.parse(line) as { level?: number; msg?: string }
    const label = logger.levels.labels[levelOfLine ?? level ?? 0] ?? 'info'
    logger[label as 'info']({ ...fields, job }, msg ?? '')
  } catch {
    // The line is no record: it is logged as it is.
    logger.info({ job }, line)
  }
}

function shortened(line: string): string {
  if (line.length <= LONGEST_RECORD) return line
  const { level, msg } = JSON.parse(line) as { level: number; msg?: unknown }
  const text = typeof msg === 'string' ? msg : JSON.stringify(msg ?? '')
  const kept = text.slice(0, LONGEST_RECORD / 8)
  const cut = `${kept}... [${line.length - kept.length} characters cut]`
  return `${JSON.stringify({ level, msg: cut })}\n`
}
