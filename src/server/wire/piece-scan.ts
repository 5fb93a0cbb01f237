import { JsonScanner } from './json-scanner.js'

const BAR = 0x7c
const OPEN_BRACE = 0x7b

/** Where a piece of the stream is: before its payload, in it, behind it, or where its payload has turned out to be none. */
export type PieceMode = 'head' | 'payload' | 'after-payload' | 'broken'

/** Follows one piece byte by byte. In `payload` mode a `;` or a line end is part of it, in any other it ends it. */
export class PieceScan {
  #mode: PieceMode = 'head'
  #isBehindBar = false
  #scanner: JsonScanner | undefined

  get mode(): PieceMode {
    return this.#mode
  }

  feed(byte: number): PieceMode {
    if (this.#mode === 'payload') this.#mode = this.#scan(byte)
    else if (this.#mode === 'after-payload' && !isBlank(byte)) this.#mode = 'broken'
    else if (this.#mode === 'head') {
      // A payload opens at the first brace behind a bar: `NAME|{` or `NAME|word|{`.
      if (byte === OPEN_BRACE && this.#isBehindBar) this.#mode = this.#scan(byte)
      this.#isBehindBar = byte === BAR || (this.#isBehindBar && isBlank(byte))
    }
    return this.#mode
  }

  #scan(byte: number): PieceMode {
    this.#scanner ??= new JsonScanner()
    const state = this.#scanner.feed(byte)
    if (state === 'open') return 'payload'
    return state === 'done' ? 'after-payload' : 'broken'
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d
}
