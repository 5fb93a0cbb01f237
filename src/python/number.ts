import { floatRepr, pythonExponent } from './repr.js'
import { PythonFloat } from './values.js'

/** What does not format; pythonFormat turns it into the unformatted text. */
export class Mismatch extends Error {}

/** One number as Python's `%` operator writes it, before padding. Throws Mismatch for what is no number. */
export function pythonNumber(kind: string, value: unknown, flags: string, precision?: number): string {
  switch (kind) {
    case 'c':
      return String.fromCodePoint(Number(integer(value)))
    case 'd':
    case 'i':
    case 'u':
      return signed(digits(truncated(value), 10, precision), flags)
    case 'o':
    case 'x':
    case 'X':
      return signed(based(kind, integer(value), flags, precision), flags)
    default:
      return signed(float(kind, number(value), flags, precision ?? 6), flags)
  }
}

function number(value: unknown): number {
  if (value instanceof PythonFloat) return value.value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return Number(value)
  throw new Mismatch()
}

function integer(value: unknown): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isInteger(value))) return BigInt(value)
  throw new Mismatch()
}

const truncated = (value: unknown): bigint => (typeof value === 'bigint' ? value : BigInt(Math.trunc(number(value))))

function digits(value: bigint, radix: number, least = 1): string {
  const text = (value < 0n ? -value : value).toString(radix).padStart(least, '0')
  return value < 0n ? `-${text}` : text
}

function based(kind: string, value: bigint, flags: string, precision: number | undefined): string {
  const text = digits(value, kind === 'o' ? 8 : 16, precision)
  const whole = flags.includes('#') ? text.replace(/^-?/, sign => `${sign}0${kind === 'o' ? 'o' : 'x'}`) : text
  return kind === 'X' ? whole.toUpperCase() : whole
}

function float(kind: string, value: number, flags: string, precision: number): string {
  const lower = kind.toLowerCase()
  const isUpper = kind !== lower
  const plain = Number.isFinite(value) ? finite(lower, value, flags, Math.min(precision, 100)) : floatRepr(value)
  const text = flags.includes('#') && Number.isFinite(value) ? pointed(plain) : plain
  return isUpper ? text.toUpperCase() : text
}

function finite(kind: string, value: number, flags: string, precision: number): string {
  const sign = Object.is(value, -0) ? '-' : ''
  if (kind === 'e') return sign + pythonExponent(value.toExponential(precision))
  // toFixed gives up at 1e21, where a float is a whole number.
  if (kind === 'f') {
    if (Math.abs(value) < 1e21) return sign + value.toFixed(precision)
    return precision === 0 ? String(BigInt(value)) : `${String(BigInt(value))}.${'0'.repeat(precision)}`
  }
  const significant = Math.max(1, precision)
  const exponent = value === 0 ? 0 : Number(value.toExponential(significant - 1).split('e')[1])
  const isScientific = exponent < -4 || exponent >= significant
  const text = isScientific
    ? value.toExponential(significant - 1)
    : value.toFixed(Math.max(0, significant - 1 - exponent))
  const short = flags.includes('#') ? text : withoutZeros(text)
  return sign + (isScientific ? pythonExponent(short) : short)
}

/** Zeros at the end of a fraction say nothing, nor does a point without digits. */
function withoutZeros(text: string): string {
  const [digits = '', ...exponent] = text.split('e')
  if (!digits.includes('.')) return text
  let end = digits.length
  while (digits.charAt(end - 1) === '0') end--
  if (digits.charAt(end - 1) === '.') end--
  return [digits.slice(0, end), ...exponent].join('e')
}

/** The alternate form always has a point. */
const pointed = (text: string): string => (text.includes('.') ? text : text.replace(/(?=e|$)/, '.'))

function signed(text: string, flags: string): string {
  if (text.startsWith('-')) return text
  if (flags.includes('+')) return `+${text}`
  return flags.includes(' ') ? ` ${text}` : text
}
