const TOKEN = /\s*(?:([[\](){},:])|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([+-]?(?:\d[\d_.]*[eE][+-]\d+|[\w.]+)))/y
const NUMBER = /^[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const WORDS = new Map<string, unknown>([
  ['None', null],
  ['null', null],
  ['True', true],
  ['true', true],
  ['False', false],
  ['false', false],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
])
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' }

class NoLiteral extends Error {}

/**
 * The value that `text` is in Python (or JSON): None, True, a number, a quoted string, a list, tuple or dict of these. Text
 * that is none is itself, as for the Python modules' command lines. Never throws.
 */
export function pythonValue(text: string): unknown {
  try {
    const tokens = tokensOf(text)
    const value = readValue(tokens)
    return tokens.length === 0 ? value : text
  } catch (error) {
    if (error instanceof NoLiteral) return text
    throw error
  }
}

interface Token {
  readonly mark?: string
  readonly text?: string
  readonly word?: string
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text)
    if (!match) throw new NoLiteral()
    const [, mark, single, double, word] = match
    const quoted = single ?? double
    if (mark !== undefined) tokens.push({ mark })
    else if (quoted !== undefined) tokens.push({ text: quoted.replace(/\\(.)/gs, (_, c: string) => ESCAPES[c] ?? c) })
    else if (word !== undefined) tokens.push({ word })
  }
  // Reading takes them from the end.
  return tokens.reverse()
}

function readValue(tokens: Token[]): unknown {
  const token = tokens.pop()
  if (token?.text !== undefined) return token.text
  if (token?.word !== undefined) return readWord(token.word)
  if (token?.mark === '{') return readDict(tokens)
  if (token?.mark === '[' || token?.mark === '(') return readItems(tokens, CLOSING[token.mark] ?? '')
  throw new NoLiteral()
}

function readWord(word: string): unknown {
  if (WORDS.has(word)) return WORDS.get(word)
  if (NUMBER.test(word)) return Number(word.replaceAll('_', ''))
  throw new NoLiteral()
}

function readItems(tokens: Token[], closing: string): unknown[] {
  const items: unknown[] = []
  while (!takes(tokens, closing)) {
    items.push(readValue(tokens))
    if (!takes(tokens, ',') && tokens.at(-1)?.mark !== closing) throw new NoLiteral()
  }
  return items
}

function readDict(tokens: Token[]): Record<string, unknown> {
  const dict = Object.create(null) as Record<string, unknown>
  while (!takes(tokens, '}')) {
    const key = readValue(tokens)
    if (!takes(tokens, ':')) throw new NoLiteral()
    dict[String(key)] = readValue(tokens)
    if (!takes(tokens, ',') && tokens.at(-1)?.mark !== '}') throw new NoLiteral()
  }
  return dict
}

function takes(tokens: Token[], mark: string): boolean {
  if (tokens.at(-1)?.mark !== mark) return false
  tokens.pop()
  return true
}
