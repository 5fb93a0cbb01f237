import { WriteStream, isatty } from 'node:tty'
import type { LogRecord } from './log-record.js'
import { colouredLine, recordLine } from './record-line.js'

// Asked of the descriptor, since process.stderr of a worker is a pipe even when the terminal has colours.
/** Whether lines on stderr are to be coloured: a terminal that can, or FORCE_COLOR; NO_COLOR is heeded. */
export const CONSOLE_COLOURS: boolean =
  (isatty(2) || process.env['FORCE_COLOR'] !== undefined) && WriteStream.prototype.hasColors()

const OWN = new Set(
  (
    'name msg args levelname levelno pathname filename module exc_info exc_text stack_info lineno funcName ' +
    'created msecs relativeCreated thread threadName processName process err'
  ).split(' '),
)

/** The console line of a process's own record: Python's, with the fields behind the message. */
export function consoleLine(record: LogRecord, colours: boolean): string {
  const fields = Object.entries(record).filter(([key]) => !OWN.has(key))
  const text = fields.length === 0 ? record.msg : `${record.msg} ${JSON.stringify(Object.fromEntries(fields))}`
  const parts = { ...record, text }
  return colours ? colouredLine(parts, { debugCyan: true }) : recordLine(parts)
}
