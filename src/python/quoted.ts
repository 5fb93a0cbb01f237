const BACKSLASH = 0x5c

/** Where the text in quotes that begins at `start` is over: behind its closing quote, or the end when it has none. */
export function endOfQuoted(text: string, start: number): number {
  const quote = text.charCodeAt(start)
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at++
    else if (code === quote) return at + 1
  }
  return text.length
}

/** What `text` says when it is one text in quotes and nothing else, as Python or JSON writes it; undefined otherwise. */
export function readQuoted(text: string): string | undefined {
  const quote = text[0]
  if ((quote !== "'" && quote !== '"') || text.length < 2 || !text.endsWith(quote)) return undefined
  const inner = text.slice(1, -1)
  // The last quote may be an escaped one, or that of another text.
  if (endOfQuoted(text, 0) !== text.length || endsEscaped(inner)) return undefined
  return unescaped(inner)
}

function endsEscaped(inner: string): boolean {
  let backslashes = 0
  while (inner.charCodeAt(inner.length - 1 - backslashes) === BACKSLASH) backslashes++
  return backslashes % 2 === 1
}

const NAMED: Readonly<Record<string, string>> = {
  ...{ '\\': '\\', "'": "'", '"': '"', '\n': '' },
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
}
const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([^]))/g

function unescaped(text: string): string {
  return text.replaceAll(ESCAPE, (escape, x?: string, u?: string, wide?: string, octal?: string, letter?: string) => {
    const hex = x ?? u ?? wide
    if (hex === undefined && octal === undefined) return NAMED[letter ?? ''] ?? escape
    const code = hex === undefined ? parseInt(octal ?? '', 8) : parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : escape
  })
}
