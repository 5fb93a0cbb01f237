import { MAX_FRAME_BYTES } from './frame.js'
import type { LogRecord } from './log-record.js'

/** Under this key our sender numbers its records, [sender, number], for a receiver that confirms them. Python's ignores it. */
export const DELIVERY_KEY = 'dareplaneDelivery'

/** The JSON of a record whose `msg` is final, such that Python's receiver prints that very text and survives it. */
export function recordBody(record: LogRecord, delivery?: readonly [sender: string, number: number]): string {
  const body = bodyOf(record, delivery)
  if (body.length * 3 <= MAX_FRAME_BYTES || Buffer.byteLength(body) <= MAX_FRAME_BYTES) return body
  // What is too long is cut where it may be, which for a record is its texts; extra fields go.
  const { msg, exc_text } = record
  const most = MAX_FRAME_BYTES / 32
  const cut = (text: string): string =>
    text.length > most ? `${text.slice(0, most)}... [${text.length - most} characters cut]` : text
  const { name, args, levelname, levelno, pathname, filename, module, exc_info, stack_info, lineno, funcName } = record
  const { created, msecs, relativeCreated, thread, threadName, processName, process } = record
  const short = { name, msg: cut(msg), args, levelname, levelno, pathname, filename, module, exc_info }
  const rest = {
    stack_info,
    lineno,
    funcName,
    created,
    msecs,
    relativeCreated,
    thread,
    threadName,
    processName,
    process,
  }
  return bodyOf({ ...short, exc_text: exc_text && cut(exc_text), ...rest }, delivery)
}

function bodyOf(record: LogRecord, delivery?: readonly [string, number]): string {
  // Python's receiver formats a message that contains %s, and only then: its percent signs are doubled, and only then.
  const msg = record.msg.includes('%s') ? record.msg.replaceAll('%', '%%') : record.msg
  const body = JSON.stringify(delivery ? { ...record, msg, [DELIVERY_KEY]: delivery } : { ...record, msg })
  return body.includes('\\ud') ? wellFormed(body) : body
}

/** Lone surrogates, which JSON.stringify escapes, as U+FFFD: Python's file handler loses the record over them. */
function wellFormed(json: string): string {
  return json.replaceAll(/\\(u[dD][89a-fA-F][\da-fA-F]{2}|.)/g, (escape, letter: string) =>
    letter.length > 1 ? '\ufffd' : escape,
  )
}
