import { basename, extname } from 'node:path'
import { withFields } from '../wire/field-text.js'
import { pythonLevel } from '../wire/levels.js'
import { RECORD_KEYS } from '../wire/log-record.js'
import type { LogRecord } from '../wire/log-record.js'

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
/** Keys that a user's field must not have on the wire: the record's own, and those that Python's server adds. */
const RESERVED = new Set<string>([...RECORD_KEYS, 'taskName', 'message', 'asctime'])

/**
 * The record that Python's `LogRecord.__dict__` would be for a line of pino. Fields come behind the message, where everyone
 * sees them, and as extra keys; a key that is reserved gets an underscore behind. A stack becomes exc_text.
 */
export function pythonRecord(line: string, origin: RecordOrigin): LogRecord {
  const { msg, [SITE_KEY]: site, ...rest } = parseLine(line)
  const [pathname, lineno, funcName] = siteOf(site)
  const filename = basename(pathname)
  const { levelname, levelno } = pythonLevel(origin.pinoLevel)
  const { exc_text, fields, shown } = withoutStack(rest)
  const text = typeof msg === 'string' ? msg : msg === undefined ? '' : JSON.stringify(msg)
  const record: LogRecord = {
    name: origin.name,
    msg: withFields(text, shown),
    args: [],
    levelname,
    levelno,
    pathname,
    filename,
    module: basename(filename, extname(filename)),
    exc_info: null,
    exc_text,
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
  return record
}

/** pino writes the level first, and the origin knows it: a `level` behind it is a field of the user. */
const LEVEL = /^\{"level":\d+,?/

function parseLine(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line.replace(LEVEL, '{')) as Record<string, unknown>
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

type Fields = Readonly<Record<string, unknown>>

/** The first stack among the fields, the fields without it, and those to show: the stack says what its error says. */
function withoutStack(fields: Fields): { exc_text: string | null; fields: Fields; shown: Fields } {
  for (const [key, value] of Object.entries(fields)) {
    if (typeof value !== 'object' || value === null || !('stack' in value)) continue
    const { stack, ...error } = value
    if (typeof stack !== 'string') continue
    const { [key]: _error, ...shown } = fields
    return { exc_text: stack + stacksOfAll(error), fields: { ...fields, [key]: error }, shown }
  }
  return { exc_text: null, fields, shown: fields }
}

/** The stacks of the errors of an AggregateError, which say why, as that itself does not. */
function stacksOfAll(error: object): string {
  const errors: unknown = 'aggregateErrors' in error ? error.aggregateErrors : undefined
  if (!Array.isArray(errors)) return ''
  return (errors as { readonly stack?: unknown }[])
    .map(each => (typeof each.stack === 'string' ? `\namong them: ${each.stack}` : ''))
    .join('')
}
