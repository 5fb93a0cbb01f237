import { Mismatch, pythonNumber } from './number.js'
import { pythonRepr, pythonStr } from './repr.js'

type Arguments = readonly unknown[] | Readonly<Record<string, unknown>>

const FLAGS = '#0- +'
const LENGTHS = 'hlL'
const KINDS = 'diouxXeEfFgGcrsa%'
const MOST_WIDTH = 1000
/** A longer text is given unformatted: a few digits of width can ask for any length. */
const MOST_TEXT = 1 << 20

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
  for (let at = msg.indexOf('%'); at !== -1; at = msg.indexOf('%', end)) {
    text += msg.slice(end, at)
    const { key, flags, width, precision, kind, end: behind } = readSpec(msg, at)
    end = behind
    if (kind === '%') {
      text += '%'
      continue
    }
    const wide = width === '*' ? Number(next()) : Number(width)
    const exact = precision === '*' ? Number(next()) : precision === undefined ? undefined : Number(precision)
    if (!(Math.abs(wide) <= MOST_WIDTH) || !((exact ?? 0) <= MOST_WIDTH)) throw new Mismatch()
    isKeyed ||= key !== undefined
    const value = key === undefined ? next() : keyed(args, key)
    text += padded(convert(kind, value, flags, exact), wide < 0 ? `${flags}-` : flags, Math.abs(wide), kind)
    if (text.length > MOST_TEXT) throw new Mismatch()
  }
  if (list && used < list.length && !isKeyed) throw new Mismatch()
  return text + msg.slice(end)
}

interface Spec {
  readonly key: string | undefined
  readonly flags: string
  /** Digits, none, or `*` for the next argument. */
  readonly width: string
  readonly precision: string | undefined
  readonly kind: string
  readonly end: number
}

/** Reads what stands behind the `%` at `start`: key, flags, width, precision, length and conversion. */
function readSpec(msg: string, start: number): Spec {
  let at = start + 1
  let key: string | undefined
  if (msg.charAt(at) === '(') {
    const close = msg.indexOf(')', at)
    if (close === -1) throw new Mismatch()
    key = msg.slice(at + 1, close)
    at = close + 1
  }
  const takeWhile = (isTaken: (char: string) => boolean): string => {
    const from = at
    while (at < msg.length && isTaken(msg.charAt(at))) at++
    return msg.slice(from, at)
  }
  const takeCount = (): string => (msg.charAt(at) === '*' ? msg.charAt(at++) : takeWhile(isDigit))
  const flags = takeWhile(char => FLAGS.includes(char))
  const width = takeCount()
  let precision: string | undefined
  if (msg.charAt(at) === '.') {
    at++
    precision = takeCount()
  }
  if (at < msg.length && LENGTHS.includes(msg.charAt(at))) at++
  const kind = msg.charAt(at)
  if (kind === '' || !KINDS.includes(kind)) throw new Mismatch()
  return { key, flags, width, precision, kind, end: at + 1 }
}

const isDigit = (char: string): boolean => char >= '0' && char <= '9'

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
