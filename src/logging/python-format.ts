import { Mismatch, pythonNumber } from './python-number.js'
import { pythonRepr, pythonStr } from './python-text.js'

type Arguments = readonly unknown[] | Readonly<Record<string, unknown>>

/** `%`, key, flags, width, precision, (length), conversion. */
const SPEC = /%(?:\(([^)]*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([diouxXeEfFgGcrsa%])/g
const MOST_WIDTH = 1000

/**
 * Python's `msg % args` for arguments that came as JSON: a list is the tuple that it was, an object the one mapping. Never
 * throws; where Python would, the text comes unformatted with its arguments behind, and nothing is lost.
 */
export function pythonFormat(msg: string, args: Arguments): string {
  try {
    return format(msg, args)
  } catch {
    return `${msg} ${pythonRepr(args)}`
  }
}

function format(msg: string, args: Arguments): string {
  const list: readonly unknown[] | undefined = Array.isArray(args) ? args : undefined
  let used = 0
  let isKeyed = false
  const next = (): unknown => {
    if (list) {
      if (used >= list.length) throw new Mismatch()
      return list[used++]
    }
    // A mapping also serves as the only argument of one plain %s.
    if (used++ > 0) throw new Mismatch()
    return args
  }
  let end = 0
  let text = ''
  for (const found of msg.matchAll(SPEC)) {
    text += plain(msg.slice(end, found.index))
    end = found.index + found[0].length
    const [, key, flags = '', width, precision, kind = 's'] = found
    if (kind === '%') {
      text += '%'
      continue
    }
    const wide = width === '*' ? Number(next()) : Number(width ?? 0)
    const exact = precision === '*' ? Number(next()) : precision === undefined ? undefined : Number(precision)
    if (!(Math.abs(wide) <= MOST_WIDTH) || !((exact ?? 0) <= MOST_WIDTH)) throw new Mismatch()
    isKeyed ||= key !== undefined
    const value = key === undefined ? next() : keyed(args, key)
    text += padded(convert(kind, value, flags, exact), wide < 0 ? `${flags}-` : flags, Math.abs(wide), kind)
  }
  if (list && used < list.length && !isKeyed) throw new Mismatch()
  return text + plain(msg.slice(end))
}

function plain(text: string): string {
  if (text.includes('%')) throw new Mismatch()
  return text
}

function keyed(args: Arguments, key: string): unknown {
  if (Array.isArray(args) || !Object.hasOwn(args, key)) throw new Mismatch()
  return (args as Readonly<Record<string, unknown>>)[key]
}

function convert(kind: string, value: unknown, flags: string, precision: number | undefined): string {
  switch (kind) {
    case 's':
      return cut(pythonStr(value), precision)
    case 'r':
      return cut(pythonRepr(value), precision)
    case 'a':
      return cut(ascii(pythonRepr(value)), precision)
    case 'c':
      return typeof value === 'string' && Array.from(value).length === 1 ? value : pythonNumber(kind, value, flags)
    default:
      return pythonNumber(kind, value, flags, precision)
  }
}

const cut = (text: string, most: number | undefined): string =>
  most === undefined ? text : Array.from(text).slice(0, most).join('')

const ascii = (text: string): string =>
  text.replaceAll(/[^\x00-\x7f]/gu, letter => {
    const code = letter.codePointAt(0) ?? 0
    if (code < 256) return `\\x${code.toString(16)}`
    return code < 65536 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
  })

function padded(text: string, flags: string, width: number, kind: string): string {
  const missing = width - Array.from(text).length
  if (missing <= 0) return text
  if (flags.includes('-')) return text + ' '.repeat(missing)
  const isNumber = !'srac'.includes(kind)
  if (!flags.includes('0') || !isNumber) return ' '.repeat(missing) + text
  return text.replace(/^[+\- ]?(0[xXo])?/, sign => sign + '0'.repeat(missing))
}
