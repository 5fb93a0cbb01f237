const SEMICOLON = 0x3b
const NEWLINE = 0x0a
const QUOTE = 0x22
const BACKSLASH = 0x5c
const BAR = 0x7c
const OPEN_BRACE = 0x7b

/**
 * Cuts from `text`, from `start` on, the pieces that end at the first `;` or line end in them whatever their payload turns
 * out to be, and answers where the first piece begins that has not ended or needs a closer look.
 *
 * A `;` ends a piece unless it stands inside a JSON string, and as long as a payload can be JSON, its quotes alone tell: so
 * nothing needs to be parsed here, and a command is only parsed when it is run.
 */
export function cutPlainPieces(text: string, start: number, maxBytes: number, pieces: string[]): number {
  let hasPayload = false
  let isQuoted = false
  for (let i = start; i < text.length; i++) {
    const byte = text.charCodeAt(i)
    if (byte === SEMICOLON || byte === NEWLINE) {
      if (isQuoted || (hasPayload && byte === NEWLINE) || i - start > maxBytes) return start
      pieces.push(text.slice(start, i))
      start = i + 1
      hasPayload = false
    } else if (byte === QUOTE) {
      if (!hasPayload) return start
      isQuoted = !isQuoted
    } else if (byte === OPEN_BRACE) {
      if (!hasPayload && (i === start || text.charCodeAt(i - 1) !== BAR)) return start
      hasPayload = true
    } else if (byte === BACKSLASH) {
      const next = text.charCodeAt(i + 1)
      if (next === QUOTE || next === BACKSLASH) i++
    }
  }
  return start
}

/** The same where `;` alone ends a piece, wherever it stands; none is before `at`. Answers -1 when a piece is too long. */
export function cutAtSemicolons(text: string, at: number, maxBytes: number, pieces: string[]): number {
  let start = 0
  for (let end = text.indexOf(';', at); end !== -1; end = text.indexOf(';', start)) {
    if (end - start > maxBytes) return -1
    pieces.push(text.slice(start, end))
    start = end + 1
  }
  return text.length - start > maxBytes ? -1 : start
}

/** All pieces of `text`, whatever is in them. */
export function cutAtEnds(text: string, pieces: string[]): void {
  for (const piece of text.split(/[;\n]/)) pieces.push(piece)
}
