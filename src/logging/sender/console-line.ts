import type { LogRecord } from '../wire/log-record.js'
import { colouredLine, recordLine } from '../wire/record-line.js'
import { safeParts } from '../wire/safe-parts.js'

/** The console line of a process's own record: Python's. */
export function consoleLine(record: LogRecord, colours: boolean): string {
  const parts = safeParts(record, record.msg)
  return colours ? colouredLine(parts, { debugCyan: true }) : recordLine(parts)
}
