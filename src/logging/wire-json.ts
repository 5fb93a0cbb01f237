import { PythonFloat } from './python-values.js'

/** A string, or a number or word that JSON.parse refuses or reads inexactly. */
const TOKENS = /"[^"\\]*(?:\\[^][^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?Infinity|NaN/g
/** What cannot be in a text that JSON.parse reads exactly. Also true of some that it can read, inside strings. */
const SUSPECT = /NaN|Infinity|(?<![\d.])\d{16}/
const MARK = '\u0000python number'
const NUMBER = /^-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity|NaN)$/

/**
 * Reads the JSON of Python's senders: with bare NaN and Infinity, and integers of any size (bigint where a number is not
 * exact). With `keepFloats`, floats come as {@link PythonFloat}. Undefined when it is no JSON; never throws.
 */
export function parseWireJson(text: string, { keepFloats = false } = {}): unknown {
  try {
    if (!keepFloats && !SUSPECT.test(text)) return JSON.parse(text)
    const marked = text.replaceAll(TOKENS, token =>
      needsMark(token, keepFloats) ? `{"${ESCAPED_MARK}":"${token}"}` : token,
    )
    return JSON.parse(marked, (_key, value: unknown) => unmarked(value))
  } catch {
    return undefined
  }
}

const ESCAPED_MARK = JSON.stringify(MARK).slice(1, -1)

function needsMark(token: string, keepFloats: boolean): boolean {
  if (token.startsWith('"')) return false
  if (token.endsWith('y') || token === 'NaN') return true
  if (/[.eE]/.test(token)) return keepFloats
  return token.length > 15
}

function unmarked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(MARK in value)) return value
  const source = value[MARK]
  // A sender may use our mark itself; it gets no further than a number.
  if (typeof source !== 'string' || !NUMBER.test(source)) return null
  if (/[yN]$/.test(source)) return Number(source)
  if (/[.eE]/.test(source)) return new PythonFloat(Number(source))
  const integer = BigInt(source)
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer
}
