import { isBareBuiltIn } from './built-in.js'
import { JsonScanner } from './json-scanner.js'
import { cutAtEnds, cutAtSemicolons, cutPlainPieces } from './plain-pieces.js'

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
    const start = this.#framing === 'strict' ? cutAtSemicolons(this.#tail, this.#maxBytes, pieces) : this.#split(pieces)
    if (start === -1) {
      this.#overflowed = true
      this.drop()
      return pieces
    }
    this.#tail = this.#tail.slice(start)
    this.#at = this.#tail.length
    if (this.#lastEnd >= 0) this.#lastEnd -= start
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

  /** Answers where the command begins that has not ended, or -1 when one is too long. */
  #split(pieces: string[]): number {
    const tail = this.#tail
    let start = 0
    for (let i = this.#at; i < tail.length; i++) {
      // Nearly every command is cut here, at memory speed; what is left is looked at byte by byte.
      if (i === start && this.#marks.length === 0) start = i = cutPlainPieces(tail, start, this.#maxBytes, pieces)
      if (i === tail.length) break
      const byte = tail.charCodeAt(i)
      const ends = byte === SEMICOLON || byte === NEWLINE
      if (this.#mode === 'payload') this.#mode = this.#scan(byte)
      else if (this.#mode === 'after-payload' && !ends && !isBlank(byte)) this.#mode = 'broken'

      if (this.#mode === 'payload' && ends) {
        if (this.#resync(start, i, pieces)) {
          start = i + 1
          this.#begin()
        } else this.#lastEnd = i
      } else if (this.#mode === 'broken' && this.#lastEnd >= 0) {
        // What looked like a payload is none: its ends were ends, as for Python. Look again from the last of them.
        cutAtEnds(tail.slice(start, this.#lastEnd), pieces)
        start = this.#lastEnd + 1
        i = this.#lastEnd
        this.#begin()
      } else if (ends && this.#mode !== 'payload') {
        this.#emit(start, i, pieces)
        start = i + 1
        this.#begin()
      } else if (byte === OPEN_BRACE && this.#mode === 'head' && opensPayload(tail, start, i)) {
        this.#scanner = new JsonScanner()
        this.#mode = this.#scan(byte)
      }
      if (i - start >= this.#maxBytes) return -1
    }
    return start
  }

  #scan(byte: number): Mode {
    const state = this.#scanner.feed(byte)
    if (state === 'open') return 'payload'
    return state === 'done' ? 'after-payload' : 'broken'
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
    cutAtEnds(tail.slice(start, mark ?? this.#lastEnd), pieces)
    pieces.push(tail.slice(from, end))
    return true
  }

  #begin(): void {
    this.#mode = 'head'
    this.#lastEnd = -1
    this.#marks = []
  }
}

/** A payload opens at the first brace behind a bar: `NAME|{` or `NAME|word|{`. */
function opensPayload(text: string, start: number, brace: number): boolean {
  let i = brace - 1
  while (i >= start && isBlank(text.charCodeAt(i))) i--
  return i >= start && text.charCodeAt(i) === 0x7c
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d
}
