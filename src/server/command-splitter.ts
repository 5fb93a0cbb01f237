import { isBareBuiltIn } from './built-in.js'
import { JsonScanner } from './json-scanner.js'

/**
 * How commands end. `strict`: by `;` alone, as in Python's 0.0.24. `tolerant`: also by a line end, or by a short silence
 * after a complete command, as every older client sends them; and a `;` inside a JSON string ends nothing.
 */
export type Framing = 'tolerant' | 'strict'

/** Whether a piece could be run as it stands; `hopeless` means that no further byte can help it. */
export type Readiness = 'complete' | 'incomplete' | 'hopeless'

const SEMICOLON = 0x3b
const NEWLINE = 0x0a
const OPEN_BRACE = 0x7b
const BLANK = /^[\s\0]*$/
const MAX_MARKS = 16

type Mode = 'head' | 'payload' | 'after-payload' | 'broken'

/**
 * Cuts a byte stream into the pieces that are commands. Pure: no clock and no I/O; bytes come and go as strings of one
 * character a byte. However the bytes are segmented the pieces are the same. Never throws.
 */
export class CommandSplitter {
  readonly #framing: Framing
  readonly #maxBytes: number
  readonly #readiness: (piece: string) => Readiness
  /** The bytes of the command that has begun, and how many of them were looked at. */
  #tail = ''
  #at = 0
  #mode: Mode = 'head'
  #scanner = new JsonScanner()
  /** Where the last `;` or line end stands that was taken for part of the payload, or -1. */
  #lastEnd = -1
  /** How long the tail was at each silence since it began. */
  #marks: number[] = []
  #overflowed = false

  constructor(framing: Framing, maxBytes: number, readiness: (piece: string) => Readiness) {
    this.#framing = framing
    this.#maxBytes = maxBytes
    this.#readiness = readiness
  }

  /** The command that has begun and not ended. */
  get tail(): string {
    return this.#tail
  }

  /** True once a command was longer than the limit: nothing more comes out. */
  get overflowed(): boolean {
    return this.#overflowed
  }

  /** Takes the next bytes and answers the pieces that they complete, in order. */
  push(bytes: string): string[] {
    if (this.#overflowed) return []
    this.#tail += bytes
    const pieces: string[] = []
    if (
      this.#framing === 'strict' ||
      (this.#mode === 'head' && this.#marks.length === 0 && !this.#tail.includes('{'))
    ) {
      this.#splitPlain(pieces)
    } else {
      this.#scan(pieces)
    }
    return pieces
  }

  /** Nothing has come for the quiet time: a complete command is run as if it had been ended. */
  quiet(): string[] {
    const tail = this.#tail
    if (tail === '' || this.#framing === 'strict') return []
    const pieces: string[] = []
    if (BLANK.test(tail)) {
      // A line end, half of one, or spaces behind a command.
    } else if (this.#readiness(tail) !== 'incomplete') pieces.push(tail)
    else if (!this.#resync(0, tail.length, pieces)) {
      if (this.#marks.length < MAX_MARKS) this.#marks.push(tail.length)
      return []
    }
    this.drop()
    return pieces
  }

  /** Forgets the command that has begun. */
  drop(): void {
    this.#tail = ''
    this.#at = 0
    this.#begin()
  }

  // Without a brace nothing needs looking at byte by byte.
  #splitPlain(pieces: string[]): void {
    const tolerant = this.#framing === 'tolerant' && this.#tail.includes('\n')
    const parts = this.#tail.split(tolerant ? /[;\n]/ : ';')
    this.#tail = parts.pop() ?? ''
    this.#at = this.#tail.length
    for (const part of parts) {
      if (part.length > this.#maxBytes) {
        this.#overflow()
        return
      }
      pieces.push(part)
    }
    if (this.#tail.length > this.#maxBytes) this.#overflow()
  }

  #scan(pieces: string[]): void {
    const tail = this.#tail
    let start = 0
    let i = this.#at
    let semicolon = tail.indexOf(';', i)
    let newline = tail.indexOf('\n', i)
    while (i < tail.length) {
      const byte = tail.charCodeAt(i)
      const ends = byte === SEMICOLON || byte === NEWLINE
      if (this.#mode === 'payload') {
        const state = this.#scanner.feed(byte)
        if (state === 'done') this.#mode = 'after-payload'
        if (state === 'open' && ends) {
          if (this.#resync(start, i, pieces)) {
            start = i + 1
            this.#begin()
          } else this.#lastEnd = i
        }
        if (state !== 'invalid') {
          if (++i - start <= this.#maxBytes) continue
          this.#overflow()
          return
        }
      }
      if (this.#mode === 'payload' || (this.#mode === 'after-payload' && !ends && !isBlank(byte))) {
        // What looked like a payload is none: its ends were ends, as for Python. Look again from the last of them.
        if (this.#lastEnd >= 0) {
          pieces.push(...tail.slice(start, this.#lastEnd).split(/[;\n]/))
          start = i = this.#lastEnd + 1
          this.#begin()
          continue
        }
        this.#mode = 'broken'
      }
      if (ends) {
        this.#emit(start, i, pieces)
        start = i + 1
        this.#begin()
      } else if (i - start >= this.#maxBytes) {
        this.#overflow()
        return
      } else if (byte === OPEN_BRACE && this.#mode === 'head' && opensPayload(tail, start, i)) {
        if (semicolon !== -1 && semicolon < i) semicolon = tail.indexOf(';', i)
        if (newline !== -1 && newline < i) newline = tail.indexOf('\n', i)
        const isOneLine =
          semicolon > i && (newline === -1 || newline > semicolon) && semicolon - start <= this.#maxBytes
        if (isOneLine && isWholeObject(tail.slice(i, semicolon))) {
          // Nearly every payload is on one line and without a semicolon: then it need not be looked at byte by byte.
          i = semicolon
          continue
        }
        this.#mode = 'payload'
        this.#scanner = new JsonScanner()
        this.#scanner.feed(byte)
      }
      i++
    }
    this.#tail = tail.slice(start)
    this.#at = tail.length - start
    if (this.#lastEnd >= 0) this.#lastEnd -= start
  }

  #emit(start: number, end: number, pieces: string[]): void {
    const piece = this.#tail.slice(start, end)
    if (this.#marks.length > 0 && this.#readiness(piece) !== 'complete' && this.#resync(start, end, pieces)) return
    pieces.push(piece)
  }

  /**
   * A client that never ends what it began (an old one, or a string left open) must not swallow what follows: bytes that
   * came after a silence and are a command, or a built-in between two `;`, end the old piece.
   */
  #resync(start: number, end: number, pieces: string[]): boolean {
    const tail = this.#tail
    const mark = this.#marks.find(at => at > start && at < end && this.#readiness(tail.slice(at, end)) === 'complete')
    const afterEnd =
      this.#lastEnd >= 0 && isBareBuiltIn(tail.slice(this.#lastEnd + 1, end)) ? this.#lastEnd + 1 : undefined
    const from = mark ?? afterEnd
    if (from === undefined) return false
    pieces.push(...tail.slice(start, mark ?? this.#lastEnd).split(/[;\n]/))
    pieces.push(tail.slice(from, end))
    return true
  }

  #begin(): void {
    this.#mode = 'head'
    this.#lastEnd = -1
    this.#marks = []
  }

  #overflow(): void {
    this.#overflowed = true
    this.drop()
  }
}

/** A payload opens at the first brace behind a bar: `NAME|{` or `NAME|word|{`. */
function opensPayload(text: string, start: number, brace: number): boolean {
  let i = brace - 1
  while (i >= start && isBlank(text.charCodeAt(i))) i--
  return i >= start && text.charCodeAt(i) === 0x7c
}

/** JSON.parse and the scanner agree on what an object is, but for Python's numbers; what it refuses, the scanner looks at. */
function isWholeObject(text: string): boolean {
  if (!text.endsWith('}')) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d
}
