import { numbered } from './delivery.js'
import type { Delivery } from './delivery.js'
import { MAX_FRAME_BYTES } from './frame.js'
import { RECORD_KEYS } from './log-record.js'
import type { LogRecord } from './log-record.js'

/** The longest text that a record too long for a frame keeps. */
const LONGEST_TEXT = MAX_FRAME_BYTES / 32

/** The JSON of a record whose `msg` is final, such that Python's receiver prints that very text and survives it. */
export function recordBody(record: LogRecord, delivery?: Delivery): string {
  const body = bodyOf(record, delivery)
  if (body.length * 3 <= MAX_FRAME_BYTES || Buffer.byteLength(body) <= MAX_FRAME_BYTES) return body
  return bodyOf(shortened(record), delivery)
}

/** The record without its extra fields, and with its texts cut. */
function shortened(record: LogRecord): LogRecord {
  const named = Object.fromEntries(RECORD_KEYS.map(key => [key, record[key]])) as LogRecord
  return { ...named, msg: cut(record.msg), exc_text: record.exc_text && cut(record.exc_text) }
}

const cut = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}... [${text.length - LONGEST_TEXT} characters cut]` : text

function bodyOf(record: LogRecord, delivery?: Delivery): string {
  // Python's receiver formats a message that contains %s, and only then: its percent signs are doubled, and only then.
  const msg = record.msg.includes('%s') ? record.msg.replaceAll('%', '%%') : record.msg
  const json = JSON.stringify({ ...record, msg })
  const body = json.includes('\\ud') ? wellFormed(json) : json
  return delivery === undefined ? body : numbered(body, delivery)
}

/** Lone surrogates, which JSON.stringify escapes, as U+FFFD: Python's file handler loses the record over them. */
function wellFormed(json: string): string {
  return json.replaceAll(/\\(u[dD][89a-fA-F][\da-fA-F]{2}|.)/g, (escape, letter: string) =>
    letter.length > 1 ? '\ufffd' : escape,
  )
}
