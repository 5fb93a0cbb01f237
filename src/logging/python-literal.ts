import { PythonFloat, PythonOpaque } from './python-values.js'

/**
 * The items of a tuple or list that came as Python's text, as the fallback of Python's senders writes args: "('a', 3)". An
 * item that is no simple literal stays the text it is. Undefined when it is neither tuple nor list.
 */
export function pythonSequence(text: string): unknown[] | undefined {
  const inner = /^\((.*)\)$|^\[(.*)\]$/s.exec(text.trim())
  const body = inner?.[1] ?? inner?.[2]
  if (body === undefined) return undefined
  return splitItems(body).map(pythonLiteral)
}

const PIECES = /[bBuUrR]?'[^'\\]*(?:\\[^][^'\\]*)*'|[bBuUrR]?"[^"\\]*(?:\\[^][^"\\]*)*"|[([{<]|[)\]}>]|,|[^]/g

function splitItems(body: string): string[] {
  const items: string[] = []
  let item = ''
  let depth = 0
  for (const [piece] of body.matchAll(PIECES)) {
    if (piece === ',' && depth === 0) {
      items.push(item.trim())
      item = ''
      continue
    }
    if ('([{<'.includes(piece)) depth++
    if (')]}>'.includes(piece)) depth = Math.max(0, depth - 1)
    item += piece
  }
  // ('a',) ends in a comma, and () is empty.
  return item.trim() === '' ? items : [...items, item.trim()]
}

const WORDS = new Map<string, unknown>([
  ['None', null],
  ['True', true],
  ['False', false],
  ['nan', NaN],
  ['inf', Infinity],
  ['-inf', -Infinity],
])

function pythonLiteral(text: string): unknown {
  if (WORDS.has(text)) return WORDS.get(text)
  if (/^-?\d+$/.test(text)) return BigInt(text)
  if (/^-?\d+(\.\d*)?(e[+-]?\d+)?$/.test(text)) return new PythonFloat(Number(text))
  const quoted = /^(['"])(.*)\1$/s.exec(text)
  if (quoted?.[2] !== undefined) return unescaped(quoted[2])
  return new PythonOpaque(text)
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' }

function unescaped(text: string): string {
  return text.replaceAll(
    /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([^]))/g,
    (escape, x?: string, u?: string, wide?: string, letter?: string) => {
      const hex = x ?? u ?? wide
      if (hex === undefined) return ESCAPES[letter ?? ''] ?? escape
      const code = parseInt(hex, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : escape
    },
  )
}
