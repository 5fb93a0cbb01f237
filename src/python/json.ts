import { isTokenCode, JSON_TOKEN } from './json-token.js'
import { endOfQuoted } from './quoted.js'
import { MOST_DIGITS, PythonFloat } from './values.js'

export interface PythonJsonOptions {
  /** Integers beyond 2^53 come as bigint. Default: as the nearest number. */
  readonly exactIntegers?: boolean
  /** Floats come as {@link PythonFloat}. */
  readonly keepFloats?: boolean
}

/** What cannot be in a text that JSON.parse reads as it is wanted. Also true of some that it can read, inside strings. */
const WORDS = /NaN|Infinity/
const WORDS_OR_LONG = /NaN|Infinity|(?<![\d.])\d{16}/
const MARK = '\u0000python number'
const ESCAPED_MARK = JSON.stringify(MARK).slice(1, -1)
const QUOTE = 0x22

/**
 * Reads JSON as Python writes it: with bare NaN and Infinity. Throws SyntaxError when it is none, RangeError when it is nested
 * too deeply. Takes time in proportion to the text.
 */
export function readPythonJson(text: string, options: PythonJsonOptions = {}): unknown {
  const { exactIntegers = false, keepFloats = false } = options
  if (!keepFloats && !(exactIntegers ? WORDS_OR_LONG : WORDS).test(text)) return JSON.parse(text)
  const needsMark = (token: string): boolean => {
    if (token.endsWith('y') || token === 'NaN') return true
    return /[.eE]/.test(token) ? keepFloats : exactIntegers && token.length > 15
  }
  return JSON.parse(marked(text, needsMark), (_key, value: unknown) => unmarked(value))
}

/** The same for the records of loggers, every number as it was written. Undefined when it is no JSON; never throws. */
export function parseWireJson(text: string, options: Pick<PythonJsonOptions, 'keepFloats'> = {}): unknown {
  try {
    return readPythonJson(text, { ...options, exactIntegers: true })
  } catch {
    return undefined
  }
}

/** Numbers that JSON.parse refuses or changes travel as objects with one key. */
function marked(text: string, needsMark: (token: string) => boolean): string {
  let result = ''
  let copied = 0
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfQuoted(text, at)
    else if (!isTokenCode(code)) at++
    else {
      const start = at
      while (at < text.length && isTokenCode(text.charCodeAt(at))) at++
      const token = text.slice(start, at)
      if (!isNumber(token) || !needsMark(token)) continue
      result += `${text.slice(copied, start)}{"${ESCAPED_MARK}":"${token}"}`
      copied = at
    }
  }
  return result + text.slice(copied)
}

function isNumber(token: string): boolean {
  return JSON_TOKEN.test(token) && !['true', 'false', 'null'].includes(token)
}

function unmarked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(MARK in value)) return value
  const source = value[MARK]
  // A sender may put our mark into its record: then only a number is accepted.
  if (typeof source !== 'string' || !isNumber(source)) return null
  if (source.endsWith('y') || source === 'NaN') return Number(source)
  if (/[.eE]/.test(source)) return new PythonFloat(Number(source))
  // Python refuses to read numbers of so many digits, too.
  if (source.length > MOST_DIGITS) throw new SyntaxError(`a number of ${source.length} digits`)
  const integer = BigInt(source)
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer
}
