import { pino } from 'pino'
import type { Logger } from 'pino'
import { messageTemplate } from './message-template.js'

const { symbols } = pino

type ByKey = Readonly<Record<string | symbol, unknown>>

/** What pino keeps in a logger, as far as it decides about a line. */
interface Settings {
  readonly [symbols.streamSym]: { lastLevel: number; write(line: string): void }
  readonly [symbols.lsCacheSym]: Readonly<Record<number, string>>
  readonly [symbols.chindingsSym]: string
  readonly [symbols.errorKeySym]: string
  readonly [symbols.formattersSym]: ByKey
  readonly [symbols.serializersSym]: ByKey
  readonly [symbols.stringifiersSym]: ByKey
  readonly [symbols.mixinSym]: unknown
  readonly msgPrefix: unknown
}

/** pino takes an object that has one of these for a request or a response of HTTP. */
const HTTP_KEYS: readonly string[] = ['socket', 'setHeader']
/** What JSON escapes, and halves of surrogate pairs. */
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/

/**
 * Writes the line that pino would write for a call, made in a fifth of its time. False where only pino knows the line: this
 * is for text, text with numbers, words and flags in its places, and such values as fields. `level` is pino's number.
 */
export function writePlain(logger: Logger, args: readonly unknown[], level: number): boolean {
  const settings = logger as unknown as Settings
  const line = isPlain(settings) ? lineOf(settings, args, level) : undefined
  if (line === undefined) return false
  const stream = settings[symbols.streamSym]
  stream.lastLevel = level
  stream.write(line)
  return true
}

function lineOf(settings: Settings, args: readonly unknown[], level: number): string | undefined {
  const [first, second] = args
  const start = `${settings[symbols.lsCacheSym][level] ?? ''}${settings[symbols.chindingsSym]}`
  if (typeof first === 'string') return withMessage(start, first, args, 1)
  if (typeof second !== 'string') return undefined
  const fields = fieldsOf(first, settings)
  return fields === undefined ? undefined : withMessage(start + fields, second, args, 2)
}

/** True where nothing of the user's own has a part in the message, or in all fields. */
function isPlain(settings: Settings): boolean {
  const serializers = settings[symbols.serializersSym]
  const stringifiers = settings[symbols.stringifiersSym]
  return (
    settings[symbols.mixinSym] === undefined &&
    settings.msgPrefix === undefined &&
    settings[symbols.formattersSym]['log'] === undefined &&
    serializers['msg'] === undefined &&
    stringifiers['msg'] === undefined &&
    stringifiers[symbols.wildcardFirstSym] === undefined
  )
}

function withMessage(start: string, message: string, args: readonly unknown[], from: number): string | undefined {
  if (args.length === from) return isClean(message) ? `${start},"msg":"${message}"}\n` : undefined
  const template = messageTemplate(message)
  if (template?.places.length !== args.length - from) return undefined
  let line = start + template.start
  for (const [i, { kind, after }] of template.places.entries()) {
    const shown = shownAt(kind, args[from + i])
    if (shown === undefined) return undefined
    line += shown + after
  }
  return line
}

function shownAt(kind: string, value: unknown): string | undefined {
  if (typeof value === 'number') return String(kind === 'i' ? Math.floor(value) : value)
  if (kind !== 's') return undefined
  if (typeof value === 'string') return isClean(value) ? value : undefined
  return typeof value === 'boolean' ? String(value) : undefined
}

function fieldsOf(fields: unknown, settings: Settings): string | undefined {
  if (typeof fields !== 'object' || fields === null || Object.getPrototypeOf(fields) !== Object.prototype)
    return undefined
  const serializers = settings[symbols.serializersSym]
  const stringifiers = settings[symbols.stringifiersSym]
  let result = ''
  for (const key in fields) {
    if (key === settings[symbols.errorKeySym] || HTTP_KEYS.includes(key) || !isClean(key)) return undefined
    if (serializers[key] !== undefined || stringifiers[key] !== undefined || !Object.hasOwn(fields, key))
      return undefined
    const value = (fields as ByKey)[key]
    if (typeof value === 'number') result += `,"${key}":${Number.isFinite(value) ? String(value) : 'null'}`
    else if (typeof value === 'boolean') result += `,"${key}":${String(value)}`
    else if (typeof value === 'string' && isClean(value)) result += `,"${key}":"${value}"`
    else return undefined
  }
  return result
}

const isClean = (text: string): boolean => !ESCAPED.test(text)
