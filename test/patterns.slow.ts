// Whatever text a client, a sender or a stream can send: reading it takes time in proportion to its length.
import t from 'tap'
import { join } from 'node:path'
import { patternsIn } from './support/patterns.js'
import { repeated, slowness } from './support/hostile.js'

const sources = join(import.meta.dirname, '..', '..', 'src')

const CLASSES = [' ', '\n', '0', 'a', '\\', '"', '\r\n', '1.', ' \n', '\\"', "\\'"]
const MOST_NAMES = 6

/** The characters and words that a pattern names: what it reads further than its first character is made of them. */
function namesOf({ source }: RegExp): { letters: string[]; words: string[] } {
  const named = source
    .replaceAll(/\\[sSdDwWbB]|\\x[\da-f]{2}|\\u[\da-f]{4}|\\p\{\w+\}|\(\?[:=!<]+/gi, ' ')
    .replaceAll(/\\(.)/gs, '$1')
  const words = named.match(/[A-Za-z][\w:]*\/?/g) ?? []
  const letters = named.match(/[^\w\s]/g) ?? []
  return { letters: [...new Set(letters)].slice(0, MOST_NAMES), words: [...new Set(words)].slice(0, MOST_NAMES) }
}

/** How long a text is that is tried first: one that is linear takes microseconds. */
const SHORT = 3000

/** The slowest of the texts that can be made of what `pattern` names, if it is slow. */
function slowTextFor(pattern: RegExp): string | undefined {
  const { letters, words } = namesOf(pattern)
  const use = (text: string): void => {
    pattern.lastIndex = 0
    if (pattern.global) text.replaceAll(pattern, '')
    else pattern.exec(text)
  }
  for (const part of [...CLASSES, ...letters]) {
    for (const before of ['', '1', '"', ...letters, ...words, ...words.map(word => `${word}1 `)]) {
      for (const behind of ['x;', '\n\u0001']) {
        const slow = slowness(use, repeated(before, part, behind), SHORT)
        if (slow !== undefined) return slow
      }
    }
  }
  return undefined
}

t.setTimeout(280_000)

t.test('the hostile texts are hostile: patterns that are known to be slow are found', async t => {
  const known = [
    /^(.*?)\s*$/s,
    /^\s+|\s+$/g,
    /\s*\n\s*$/,
    /"(?:[^"\\]|\\.)*"|x/g,
    /^\d+\.?\d*$/,
    /^[\s\0]*(?:STOP|CLOSE)[\s\0]*\|?[\s\0]*$/,
    /^LSL:timedata\s*\n\s*(-?\d+)/,
    /\r?\n(?=\s*\d{4})/g,
    /%(?:\(([^)]*)\))?[#0\- +]*(?:\*|\d+)?[d]/g,
  ]
  for (const pattern of known) t.ok(slowTextFor(pattern), String(pattern))
})

t.test('every pattern of the sources takes time in proportion to the text', async t => {
  const patterns = patternsIn(sources)
  t.ok(patterns.length > 50, `${patterns.length} patterns`)
  for (const { where, pattern } of patterns) t.equal(slowTextFor(pattern), undefined, `${where} ${String(pattern)}`)
})
