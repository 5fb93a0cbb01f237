import { endOfQuoted, readQuoted } from './quoted.js'
import { MOST_DIGITS, PythonFloat, PythonOpaque } from './values.js'

/** A message has a few arguments. Each takes up to a hundred times the memory of its text. */
export const MOST_ITEMS = 1 << 16

/**
 * The items of a tuple or list that came as Python's text, as the fallback of Python's senders writes args: "('a', 3)". An
 * item that is no simple literal stays the text it is. Undefined when it is neither tuple nor list, or too long for one.
 */
export function pythonSequence(text: string): unknown[] | undefined {
  const sequence = text.trim()
  const ends = `${sequence.charAt(0)}${sequence.length > 1 ? sequence.charAt(sequence.length - 1) : ''}`
  if (ends !== '()' && ends !== '[]') return undefined
  return splitItems(sequence.slice(1, -1))?.map(readItem)
}

function splitItems(body: string): string[] | undefined {
  const items: string[] = []
  let start = 0
  let depth = 0
  for (let at = 0; at < body.length;) {
    const char = body.charAt(at)
    if (char === "'" || char === '"') {
      at = endOfQuoted(body, at)
      continue
    }
    if ('([{<'.includes(char)) depth++
    else if (')]}>'.includes(char)) depth = Math.max(0, depth - 1)
    else if (char === ',' && depth === 0) {
      if (items.length === MOST_ITEMS) return undefined
      items.push(body.slice(start, at).trim())
      start = at + 1
    }
    at++
  }
  // ('a',) ends in a comma, and () is empty.
  const last = body.slice(start).trim()
  return last === '' ? items : [...items, last]
}

/** What repr() writes for the values that are no numbers, or no finite ones. */
const WORDS = new Map<string, unknown>([
  ['None', null],
  ['True', true],
  ['False', false],
  ['nan', NaN],
  ['inf', Infinity],
  ['-inf', -Infinity],
])
const INTEGER = /^-?\d+$/
const FLOAT = /^-?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/

function readItem(text: string): unknown {
  if (WORDS.has(text)) return WORDS.get(text)
  if (INTEGER.test(text)) return text.length > MOST_DIGITS ? new PythonOpaque(text) : BigInt(text)
  if (FLOAT.test(text)) return new PythonFloat(Number(text))
  return readQuoted(text) ?? new PythonOpaque(text)
}
