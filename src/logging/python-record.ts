import { basename, extname } from 'node:path'
import { pythonLevel } from './levels.js'
import type { LogRecord } from './log-record.js'

/** Under this key a logger with `callerSite` puts [pathname, lineno, funcName] into its line. */
export const SITE_KEY = 'dareplane.site'

/** What a thread knows about a record beside pino's line. */
export interface RecordOrigin {
  readonly name: string
  readonly pinoLevel: number
  readonly created: number
  readonly thread: number
  readonly threadName: string
}

const START_S = performance.timeOrigin / 1000
const RESERVED = new Set(
  (
    'name msg args levelname levelno pathname filename module exc_info exc_text stack_info lineno funcName ' +
    'created msecs relativeCreated thread threadName processName process taskName message asctime'
  ).split(' '),
)

/**
 * The record that Python's `LogRecord.__dict__` would be for a line of pino. Fields become extra keys; one that has the
 * name of a record's own key gets an underscore behind, because Python's receiver would trust it. A stack (`err`) becomes exc_text.
 */
export function pythonRecord(line: string, origin: RecordOrigin): LogRecord {
  const { level: _level, msg, [SITE_KEY]: site, ...fields } = parseLine(line)
  const [pathname, lineno, funcName] = siteOf(site)
  const filename = basename(pathname)
  const { levelname, levelno } = pythonLevel(origin.pinoLevel)
  const record: LogRecord = {
    name: origin.name,
    msg: typeof msg === 'string' ? msg : msg === undefined ? '' : JSON.stringify(msg),
    args: [],
    levelname,
    levelno,
    pathname,
    filename,
    module: basename(filename, extname(filename)),
    exc_info: null,
    exc_text: null,
    stack_info: null,
    lineno,
    funcName,
    created: origin.created,
    msecs: Math.floor((origin.created % 1) * 1000),
    relativeCreated: (origin.created - START_S) * 1000,
    thread: origin.thread,
    threadName: origin.threadName,
    processName: 'MainProcess',
    process: process.pid,
  }
  for (const [key, value] of Object.entries(fields)) record[RESERVED.has(key) ? `${key}_` : key] = value
  takeStack(record)
  return record
}

function parseLine(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    // A serializer of the user's own may write what is no JSON: the text still arrives.
    return { msg: line.trimEnd() }
  }
}

function siteOf(site: unknown): readonly [string, number, string] {
  if (Array.isArray(site)) {
    const [pathname, lineno, funcName] = site as unknown[]
    return [String(pathname), Number(lineno), String(funcName)]
  }
  // As Python says when it cannot find its caller.
  return ['(unknown file)', 0, '(unknown function)']
}

function takeStack(record: LogRecord): void {
  const error = record['err']
  if (typeof error !== 'object' || error === null || !('stack' in error)) return
  const { stack, ...rest } = error
  if (typeof stack !== 'string') return
  record.exc_text = stack
  record['err'] = rest
}
