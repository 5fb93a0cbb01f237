import { isBlank } from './blank.js'
import { builtInAtStart, isBareBuiltIn } from './built-in.js'
import { PieceScan, type PieceMode } from './piece-scan.js'
import { cutAtEnds, cutAtSemicolons, cutPlainPieces } from './plain-pieces.js'
import { isAscii, isUndecodable } from './wire-text.js'

/**
 * How commands end. `strict`: by `;` alone, as in Python's 0.0.24. `tolerant`: also by a line end, or by a short silence
 * after a complete command, as every older client sends them; and a `;` inside a JSON string ends nothing.
 */
/** How commands end on the wire. */
export type Framing = 'tolerant' | 'strict'

/** Whether a piece could be run as it stands; `hopeless` means that no further byte can help it. */
export type Readiness = 'complete' | 'incomplete' | 'hopeless'

const SEMICOLON = 0x3b
const NEWLINE = 0x0a
const BAR = '|'
const MAX_MARKS = 16
/** A name without an end is no longer than this. */
const MOST_NAME_BYTES = 1024

/** Where a command may have begun: with the tail, or with bytes that came after a silence. */
class Beginning {
  readonly at: number
  readonly #scan = new PieceScan()
  /** What was found once and cannot change any more. */
  readiness: Readiness | undefined
  /** Its payload is open, and its head is no built-in. */
  isOpenCall = false

  constructor(at: number) {
    this.at = at
  }

  get mode(): PieceMode {
    return this.#scan.mode
  }

  /** Takes the next byte. An end outside a payload is not part of the piece. */
  feed(byte: number, isEnd: boolean): PieceMode {
    return isEnd && this.mode !== 'payload' ? this.mode : this.#scan.feed(byte)
  }
}

/**
 * Cuts a byte stream into the pieces that are commands. Pure: no clock and no I/O; bytes come and go as strings of one
 * character a byte. However the bytes are segmented the pieces are the same. Each byte is looked at, and each piece parsed,
 * a bounded number of times. Never throws.
 */
export class CommandSplitter {
  readonly #framing: Framing
  readonly #maxBytes: number
  readonly #readiness: (piece: string) => Readiness
  /** The bytes of the command that has begun, and how many of them were looked at. */
  #tail = ''
  #at = 0
  #isAscii = true
  #whole = new Beginning(0)
  /** Where the last `;` or line end stands that was taken for part of the payload, or -1. */
  #lastEnd = -1
  /** Where bytes after a silence began, and still may be a command of their own. */
  #marks: Beginning[] = []
  /** How long the tail was at the last silence. */
  #lastSilence = 0
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
    this.#isAscii = (this.#isAscii || this.#tail === '') && isAscii(bytes)
    this.#tail += bytes
    const pieces: string[] = []
    const start = this.#framing === 'strict' ? this.#splitAtSemicolons(pieces) : this.#split(pieces)
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
    return this.#finish(whole => this.#readinessInSilence(whole))
  }

  /** Nothing more will come: what waited for its end has got it. */
  end(): string[] {
    return this.#finish(({ at }) => this.#readiness(this.#tail.slice(at)))
  }

  /** Forgets the command that has begun. */
  drop(): void {
    this.#tail = ''
    this.#at = 0
    this.#begin()
  }

  /** Forgets the command that has begun if it could be run as it stands; answers whether it could. */
  dropComplete(): boolean {
    const isComplete = !isBlank(this.#tail) && this.#readinessInSilence(this.#whole) === 'complete'
    if (isComplete) this.drop()
    return isComplete
  }

  #finish(readiness: (beginning: Beginning) => Readiness): string[] {
    const tail = this.#tail
    if (tail === '' || this.#framing === 'strict') return []
    const pieces: string[] = []
    if (isBlank(tail)) {
      // Nothing but a line end, a part of one, or spaces has come since the last command.
    } else if (readiness(this.#whole) !== 'incomplete') pieces.push(tail)
    else if (!this.#resync(0, tail.length, pieces, mark => readiness(mark) === 'complete')) {
      if (this.#marks.length < MAX_MARKS) this.#marks.push(new Beginning(tail.length))
      this.#lastSilence = tail.length
      return []
    }
    this.drop()
    return pieces
  }

  /** Whether what has begun there may be run though nothing has ended it. Parses nothing twice. */
  #readinessInSilence(beginning: Beginning): Readiness {
    const piece = this.#tail.slice(beginning.at)
    if (builtInAtStart(piece) !== undefined) return 'complete'
    if (beginning.at === 0 && !this.#isAscii && isUndecodable(piece)) return 'hopeless'
    if (beginning.mode === 'after-payload') return (beginning.readiness ??= this.#readiness(piece))
    // Behind a bar more will come, and behind a name that is typed key by key a bar may.
    const isTyped = this.#lastSilence > 0 && this.#tail.length - this.#lastSilence === 1
    const isName = beginning.mode === 'head' && piece.length <= MOST_NAME_BYTES && !piece.includes(BAR)
    return isName && !isTyped ? this.#readiness(piece) : 'incomplete'
  }

  #splitAtSemicolons(pieces: string[]): number {
    return cutAtSemicolons(this.#tail, this.#at, this.#maxBytes, pieces)
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
      const isEnd = byte === SEMICOLON || byte === NEWLINE
      const mode = this.#whole.feed(byte, isEnd)
      for (const mark of this.#marks) mark.feed(byte, isEnd)

      if (mode === 'payload' && isEnd) {
        if (this.#resync(start, i, pieces)) {
          start = i + 1
          this.#begin()
        } else this.#lastEnd = i
      } else if (mode === 'broken' && this.#lastEnd >= 0) {
        // What looked like a payload is none: its ends were ends, as for Python. Look again from the last of them.
        cutAtEnds(tail.slice(start, this.#lastEnd), pieces)
        start = this.#lastEnd + 1
        i = this.#lastEnd
        this.#begin()
      } else if (isEnd && mode !== 'payload') {
        this.#emit(start, i, pieces)
        start = i + 1
        this.#begin()
      }
      if (i - start >= this.#maxBytes) return -1
    }
    return start
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
  #resync(
    start: number,
    end: number,
    pieces: string[],
    isCommand = (mark: Beginning): boolean => this.#isEnded(mark, end),
  ): boolean {
    const tail = this.#tail
    const mark = this.#marks.find(each => each.at < end && isCommand(each))?.at
    this.#marks = this.#marks.filter(({ readiness }) => readiness === undefined)
    const afterEnd =
      this.#lastEnd >= 0 && isBareBuiltIn(tail.slice(this.#lastEnd + 1, end)) ? this.#lastEnd + 1 : undefined
    const from = mark ?? afterEnd
    if (from === undefined) return false
    cutAtEnds(tail.slice(start, mark ?? this.#lastEnd), pieces)
    pieces.push(tail.slice(from, end))
    return true
  }

  /** Whether what began at `mark` is a command that ends at `end`. If it ends there and is none it never will be. */
  #isEnded(mark: Beginning, end: number): boolean {
    const piece = this.#tail.slice(mark.at, end)
    if (mark.mode === 'payload') {
      mark.isOpenCall ||= builtInAtStart(piece) === undefined
      return !mark.isOpenCall
    }
    mark.readiness = this.#readiness(piece)
    return mark.readiness === 'complete'
  }

  #begin(): void {
    this.#whole = new Beginning(0)
    this.#lastEnd = -1
    this.#marks = []
    this.#lastSilence = 0
  }
}
