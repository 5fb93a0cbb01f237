/** The keys of Python's `LogRecord.__dict__`, in its order. Every record has them, and in this order. */
export const RECORD_KEYS = [
  'name',
  'msg',
  'args',
  'levelname',
  'levelno',
  'pathname',
  'filename',
  'module',
  'exc_info',
  'exc_text',
  'stack_info',
  'lineno',
  'funcName',
  'created',
  'msecs',
  'relativeCreated',
  'thread',
  'threadName',
  'processName',
  'process',
] as const

export type RecordKey = (typeof RECORD_KEYS)[number]

/**
 * A record as Python's `LogRecord.__dict__` crosses the wire. `msg` is still unformatted where `args` is not empty; extra
 * fields lie beside the named ones.
 */
export interface LogRecord extends Record<RecordKey, unknown> {
  name: string
  msg: string
  args: readonly unknown[] | Readonly<Record<string, unknown>>
  levelname: string
  levelno: number
  pathname: string
  filename: string
  module: string
  exc_info: null
  exc_text: string | null
  stack_info: string | null
  lineno: number
  funcName: string
  /** Unix time, seconds. */
  created: number
  /** The millisecond part of `created`. */
  msecs: number
  /** Milliseconds since the logging of that process began. */
  relativeCreated: number
  thread: number
  threadName: string
  processName: string
  process: number
  [extra: string]: unknown
}
