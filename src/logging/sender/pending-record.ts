import { pythonRecord } from './pino-record.js'
import { recordBody } from '../wire/record-body.js'
import { encodeFrame } from '../wire/frame.js'
import type { LogRecord } from '../wire/log-record.js'

/** Who wrote a line. */
export interface LineSource {
  readonly name: string
  readonly thread: number
  readonly threadName: string
  /** Whether its lines are printed to stderr as well. */
  readonly isPrinted: boolean
}

/** A line that waits in the transport. It is shaped and encoded only when it is sent: while the server is away most never are. */
export interface PendingRecord extends LineSource {
  readonly level: number
  readonly created: number
  readonly line: string
  readonly bytes: number
  /** Given at the first sending and kept when it is sent again, so that the receiver knows it. */
  number?: number
}

const OVERHEAD = 128

/** A line as it is queued. */
export function pendingRecord(source: LineSource, level: number, created: number, line: string): PendingRecord {
  return { ...source, level, created, line, bytes: line.length + OVERHEAD }
}

/** The whole record, in Python's shape. */
export function shape(pending: PendingRecord): LogRecord {
  return pythonRecord(pending.line, { ...pending, pinoLevel: pending.level })
}

/** The frame that carries `pending`, which has been given its number. */
export function frameOf(pending: PendingRecord, sender: string): Buffer {
  return encodeFrame(recordBody(shape(pending), [sender, pending.number ?? 0]))
}
