/** The commands that every server answers itself; no module can have one of these names. */
export type BuiltIn = 'STOP' | 'CLOSE' | 'GET_PCOMMS' | 'UP'

export const BUILT_INS: readonly BuiltIn[] = ['STOP', 'CLOSE', 'GET_PCOMMS', 'UP']

const LONGEST = 'GET_PCOMMS'.length
const EXACT: ReadonlyMap<string, BuiltIn> = new Map(BUILT_INS.map(name => [name, name]))
const BAR = 0x7c
/** So much of a piece tells whether it begins with a built-in. */
const MOST_LOOKED_AT = 256

/**
 * The built-in that a piece of the stream calls, or undefined. An argument does not matter, nor does what no command is made
 * of before and behind the word: blanks, control bytes, the marks that some programs put before a text, the NULs of UTF-16.
 * A STOP must never be missed for its form.
 */
export function builtInOf(piece: string): BuiltIn | undefined {
  // A long piece is not looked up, as that takes time for each of its characters.
  return (piece.length <= LONGEST ? EXACT.get(piece) : undefined) ?? read(piece)?.name
}

/** True for a built-in without an argument: what ends a JSON string that a client has left open. */
export function isBareBuiltIn(piece: string): boolean {
  const found = read(piece)
  if (!found) return false
  const { text, end } = found
  return skipOthers(text, text.charCodeAt(end) === BAR ? end + 1 : end) === text.length
}

/**
 * The built-in that begins a piece whose end has not come, as far as its first bytes tell: behind a bar anything may follow.
 * Takes the same time however long the piece is.
 */
export function builtInAtStart(piece: string): BuiltIn | undefined {
  if (piece.length <= MOST_LOOKED_AT) return builtInOf(piece)
  const found = read(piece.slice(0, MOST_LOOKED_AT))
  return found && found.wordEnd < found.text.length ? found.name : undefined
}

interface Found {
  readonly name: BuiltIn
  readonly text: string
  readonly wordEnd: number
  /** Where the bar stands, or the end of the text. */
  readonly end: number
}

function read(piece: string): Found | undefined {
  const text = piece.includes('\0') ? piece.replaceAll('\0', '') : piece
  const start = skipOthers(text, 0)
  const name = wordAt(text, start)
  if (name === undefined) return undefined
  const wordEnd = start + name.length
  const end = skipOthers(text, wordEnd)
  return end === text.length || text.charCodeAt(end) === BAR ? { name, text, wordEnd, end } : undefined
}

function wordAt(text: string, at: number): BuiltIn | undefined {
  // Every command passes here, and a loop takes half the time of a callback.
  for (const word of BUILT_INS) if (text.startsWith(word, at)) return word
  return undefined
}

/** The next byte at or after `at` that can be part of a command's name. */
function skipOthers(text: string, at: number): number {
  while (at < text.length && !isPrintable(text.charCodeAt(at))) at++
  return at
}

function isPrintable(code: number): boolean {
  return code > 0x20 && code < 0x7f
}
