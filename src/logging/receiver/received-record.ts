import type { LogRecord } from '../wire/log-record.js'
import { pythonFormat } from '../../python/format.js'
import { pythonSequence } from '../../python/sequence.js'
import { pythonStr } from '../../python/repr.js'
import { lightened } from './lightened.js'
import { withoutNumber } from '../wire/delivery.js'
import type { Delivery } from '../wire/delivery.js'
import { parseWireJson } from '../../python/json.js'

/** A record as it came, with the types put right and its text. */
export interface ReceivedRecord extends LogRecord {
  /** The message, formatted with its arguments. */
  message: string
}

/** A record and, when its sender wants to know that it was written, the sender and the record's number. */
export interface Delivered {
  readonly record: ReceivedRecord
  readonly delivery?: Delivery
}

/**
 * Reads the body of a frame. Takes everything that Python's senders produce, also with all values as strings; answers a
 * reason for what is no record. Never throws.
 */
export function receiveRecord(body: Buffer): Delivered | { readonly reason: string } {
  try {
    return readRecord(body)
  } catch {
    // Nested too deeply, or too large for one of the readers.
    return { reason: 'a record that cannot be read' }
  }
}

function readRecord(body: Buffer): Delivered | { readonly reason: string } {
  if (body.length === 0) return { reason: 'a frame of length zero' }
  const { json, delivery } = withoutNumber(body.toString('utf8'))
  const text = lightened(json)
  const fields = parseWireJson(text)
  if (fields === undefined) return { reason: 'a frame that is no JSON' }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    return { reason: 'JSON that is no record' }
  const record = typed(fields as Record<string, unknown>)
  record.message = messageOf(record, text, delivery !== undefined)
  return delivery ? { record, delivery } : { record }
}

function typed(raw: Record<string, unknown>): ReceivedRecord {
  const created = finite(raw['created'], Date.now() / 1000)
  return {
    pathname: '',
    filename: '',
    module: '',
    lineno: 0,
    funcName: '',
    relativeCreated: 0,
    thread: 0,
    threadName: '',
    processName: '',
    process: 0,
    ...raw,
    name: pythonStr(raw['name']),
    msg: raw['msg'] === undefined ? '' : pythonStr(raw['msg']),
    args: argumentsOf(raw['args']),
    levelno: finite(raw['levelno'], 0),
    levelname: pythonStr(raw['levelname'] ?? `Level ${pythonStr(raw['levelno'])}`),
    exc_info: null,
    exc_text: blockOf(raw['exc_text']) ?? blockOf(raw['exc_info']),
    stack_info: blockOf(raw['stack_info']),
    created,
    msecs: finite(raw['msecs'], Math.floor((created % 1) * 1000)),
    message: '',
  }
}

/** The most that a Date can show. */
const LAST_S = 8.64e12

function finite(value: unknown, otherwise: number): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Math.abs(number) < LAST_S ? number : otherwise
}

/** A traceback or stack; "None" and the like are what Python's fallback makes of nothing. */
function blockOf(value: unknown): string | null {
  if (value === undefined || value === null || value === '' || value === 'None') return null
  return pythonStr(value)
}

function argumentsOf(value: unknown): LogRecord['args'] {
  if (Array.isArray(value)) return value as unknown[]
  if (typeof value === 'string') return pythonSequence(value) ?? [value]
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : []
}

function messageOf(record: ReceivedRecord, text: string, isOurs: boolean): string {
  const { msg } = record
  // Our sender's text is final; its percent signs are doubled where Python's receiver halves them.
  if (isOurs) return msg.includes('%s') ? msg.replaceAll('%%', '%') : msg
  if (Object.keys(record.args).length === 0) return msg
  const exact = parseWireJson(text, { keepFloats: true }) as { readonly args?: unknown }
  return pythonFormat(msg, argumentsOf(exact.args))
}
