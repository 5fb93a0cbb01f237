import { PythonFloat, PythonOpaque } from './values.js'

/** Python's str() of a value that came as JSON. Never throws: what is nested too deeply is cut. */
export function pythonStr(value: unknown): string {
  return typeof value === 'string' ? value : pythonRepr(value)
}

const MOST_DEPTH = 32

/** Python's repr() of a value that came as JSON. */
export function pythonRepr(value: unknown, depth = 0): string {
  if (typeof value === 'string') return reprOfString(value)
  if (value instanceof PythonFloat) return floatRepr(value.value)
  if (value instanceof PythonOpaque) return value.text
  if (typeof value === 'number') return Number.isInteger(value) ? String(BigInt(value)) : floatRepr(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return 'None'
  if (depth === MOST_DEPTH) return '...'
  if (Array.isArray(value)) return `[${value.map(item => pythonRepr(item, depth + 1)).join(', ')}]`
  const items = Object.entries(value).map(([key, item]) => `${reprOfString(key)}: ${pythonRepr(item, depth + 1)}`)
  return `{${items.join(', ')}}`
}

/** repr() of a float: the shortest digits, an exponent below 1e-4 and from 1e16. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const size = Math.abs(value)
  if (size >= 1e-4 && size < 1e16) {
    const text = plainDigits(value)
    return text.includes('.') ? text : `${text}.0`
  }
  return pythonExponent(value.toExponential())
}

/** An exponent as Python writes it, with two digits at least. */
export function pythonExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}

function plainDigits(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(Math.min(100, 4 + (text.split(/[.e]/)[1]?.length ?? 0))) : text
}

const NAMED: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Not printable for Python: controls, the odd blanks, lone surrogates. */
const NOT_PRINTABLE = /[\\\x00-\x1f\x7f-\xa0\xad]|[\u2028\u2029\ufeff]|\p{Surrogate}/gu
const NOT_PRINTABLE_BYTE = /[^ -[\]-~]/g

function reprOfString(text: string): string {
  return quoted(text, NOT_PRINTABLE)
}

/** Python's repr() of bytes, which come one character each: `b'\xff'`. */
export function pythonBytes(bytes: string): string {
  return `b${quoted(bytes, NOT_PRINTABLE_BYTE)}`
}

function quoted(text: string, notPrintable: RegExp): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text.replaceAll(notPrintable, letter => NAMED[letter] ?? escapeOf(letter))
  return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote
}

function escapeOf(letter: string): string {
  const code = letter.charCodeAt(0)
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
