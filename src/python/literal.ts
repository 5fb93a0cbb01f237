import { endOfQuoted, readQuoted } from './quoted.js'

/** None, True and False, as JSON writes them too, and the numbers that only Python's JSON has. */
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...([
    ['None', null],
    ['True', true],
    ['False', false],
  ] as const),
  ...([
    ['null', null],
    ['true', true],
    ['false', false],
  ] as const),
  ...([
    ['NaN', NaN],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
  ] as const),
])
const NUMBER = /^[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const WORD_CHARACTER = /[\w.+-]/
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' }
const MOST_DEPTH = 64

class NoLiteral extends Error {}

/**
 * The value that `text` is in Python (or JSON): None, True, a number, a quoted string, a list, tuple or dict of these. Text
 * that is none is itself, as for the Python modules' command lines. Never throws.
 */
export function pythonValue(text: string): unknown {
  try {
    return new LiteralReader(text).readAll()
  } catch (error) {
    if (error instanceof NoLiteral) return text
    throw error
  }
}

/** Reads one literal from left to right, each character once. Throws NoLiteral where it is none. */
class LiteralReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  readAll(): unknown {
    const value = this.#readValue(0)
    if (this.#next() !== '') throw new NoLiteral()
    return value
  }

  #readValue(depth: number): unknown {
    const first = this.#next()
    if (first === "'" || first === '"') return this.#readText()
    if (first === '{' || first === '[' || first === '(') {
      if (depth === MOST_DEPTH) throw new NoLiteral()
      this.#at++
      return first === '{' ? this.#readDict(depth + 1) : this.#readItems(CLOSING[first] ?? '', depth + 1)
    }
    return this.#readWord()
  }

  #readText(): string {
    const end = endOfQuoted(this.#text, this.#at)
    const text = readQuoted(this.#text.slice(this.#at, end))
    if (text === undefined) throw new NoLiteral()
    this.#at = end
    return text
  }

  #readWord(): unknown {
    const start = this.#at
    while (this.#at < this.#text.length && WORD_CHARACTER.test(this.#text.charAt(this.#at))) this.#at++
    const word = this.#text.slice(start, this.#at)
    if (WORDS.has(word)) return WORDS.get(word)
    if (!NUMBER.test(word)) throw new NoLiteral()
    return Number(word.replaceAll('_', ''))
  }

  #readItems(closing: string, depth: number): unknown[] {
    const items: unknown[] = []
    while (!this.#takes(closing)) {
      items.push(this.#readValue(depth))
      if (!this.#takes(',') && this.#next() !== closing) throw new NoLiteral()
    }
    return items
  }

  #readDict(depth: number): Record<string, unknown> {
    const dict = Object.create(null) as Record<string, unknown>
    while (!this.#takes('}')) {
      const key = this.#readValue(depth)
      if (!this.#takes(':')) throw new NoLiteral()
      dict[String(key)] = this.#readValue(depth)
      if (!this.#takes(',') && this.#next() !== '}') throw new NoLiteral()
    }
    return dict
  }

  #takes(mark: string): boolean {
    if (this.#next() !== mark) return false
    this.#at++
    return true
  }

  /** The character that comes next behind blanks, or an empty string at the end. */
  #next(): string {
    while (this.#at < this.#text.length && this.#text.charAt(this.#at).trim() === '') this.#at++
    return this.#text.charAt(this.#at)
  }
}
