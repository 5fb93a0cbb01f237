import { inspect } from 'node:util'
import { pino } from 'pino'
import type { LogFn, Logger } from 'pino'
import { thrownText } from './safe-bindings.js'
import { writePlain } from './write-plain.js'

/** What pino puts an argument in the place of; `%%` takes none. */
const PLACES = /%[sdifjoO%]/g

/**
 * A pino hook. Common calls go past pino, whose formatting takes longer than all the rest. Of the others it keeps what pino
 * would drop. Arguments behind the message that no place takes are kept as one expects who comes from Python or the console: an
 * error as `err`, an object as fields, anything else as text. So are errors among the fields.
 * A value that throws when it is read does not end a program that only logs it: the text is logged, and what was thrown.
 */
export function logMethod(this: Logger, args: Parameters<LogFn>, method: LogFn, level: number): void {
  try {
    if (!writePlain(this, args, level)) method.apply(this, arranged(args) as Parameters<LogFn>)
  } catch (error) {
    const text = args.find(arg => typeof arg === 'string') ?? ''
    method.call(this, { unreadable: thrownText(error) }, '%s', text)
  }
}

function arranged(args: readonly unknown[]): readonly unknown[] {
  const [first] = args
  const hasFields = typeof first === 'object' && first !== null
  const at = typeof first === 'string' ? 0 : 1
  const msg = args[at]
  const rest = typeof msg === 'string' ? args.slice(at + 1 + (args.length > at + 1 ? places(msg) : 0)) : []
  if (rest.length === 0 && !(hasFields && holdsErrors(first))) return args

  const fields: Record<string, unknown> = first instanceof Error ? { err: first } : { ...(hasFields && first) }
  const words: string[] = []
  for (const value of rest) {
    if (value instanceof Error && !('err' in fields)) fields['err'] = value
    else if (isPlain(value)) Object.assign(fields, value)
    else words.push(value instanceof Error ? String(value.stack) : asText(value))
  }
  for (const [key, value] of Object.entries(fields)) {
    if (key !== 'err' && value instanceof Error) fields[key] = pino.stdSerializers.err(value)
  }
  if (typeof msg !== 'string') return [fields, ...args.slice(at)]
  const taken = args.slice(at + 1, args.length - rest.length)
  // The words are a value and not a part of the message: percent signs in a message are places for values.
  return words.length === 0 ? [fields, msg, ...taken] : [fields, `${msg} %s`, ...taken, words.join(' ')]
}

const places = (msg: string): number => (msg.match(PLACES) ?? []).filter(place => place !== '%%').length

/** Under `err` pino writes an error as what it is, under any other key as `{}`. */
const holdsErrors = (fields: object): boolean =>
  !(fields instanceof Error) && Object.entries(fields).some(([key, value]) => key !== 'err' && value instanceof Error)

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function asText(value: unknown): string {
  return typeof value === 'object' && value !== null ? inspect(value, { breakLength: Infinity }) : String(value)
}
