import { isTokenCode, JSON_TOKEN } from '../../python/json-token.js'

/** Deepest nesting of a payload. */
export const MAX_JSON_DEPTH = 64

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

const ESCAPED = '"\\/bfnrt'

type Expecting = 'value' | 'value-or-close' | 'key' | 'key-or-close' | 'colon' | 'comma-or-close'

export type ScanState = 'open' | 'done' | 'invalid'

/**
 * Reads one JSON object byte by byte and says after each whether it is complete, can still become one, or never will. That
 * is what tells a `;` inside a string from one that ends a command, however the bytes were cut by the network.
 */
export class JsonScanner {
  #state: ScanState = 'open'
  #expecting: Expecting = 'value'
  #inString = false
  #escape = 0
  #token = ''
  readonly #open: number[] = []

  /** True inside a string, the one place where any byte may stand. */
  get inString(): boolean {
    return this.#inString
  }

  feed(byte: number): ScanState {
    if (this.#state !== 'open') return this.#state
    if (!this.#accept(byte)) this.#state = 'invalid'
    else if (this.#open.length === 0) this.#state = 'done'
    return this.#state
  }

  #accept(byte: number): boolean {
    if (this.#inString) return this.#acceptInString(byte)
    if (isTokenCode(byte)) return this.#acceptTokenByte(byte)
    if (this.#token !== '' && !this.#endToken()) return false
    return isBlank(byte) || this.#acceptMark(byte)
  }

  #acceptInString(byte: number): boolean {
    if (this.#escape === 1) {
      this.#escape = byte === 0x75 /* u */ ? 5 : 0
      return this.#escape === 5 || ESCAPED.includes(String.fromCharCode(byte))
    }
    if (this.#escape > 1) {
      // Between 5 and 2, it is one more than the number of hex digits that are still to come.
      this.#escape = this.#escape === 2 ? 0 : this.#escape - 1
      return isHexDigit(byte)
    }
    if (byte === BACKSLASH) this.#escape = 1
    else if (byte === QUOTE) {
      this.#inString = false
      this.#expecting = this.#expecting === 'colon' ? 'colon' : 'comma-or-close'
    }
    return byte >= 0x20
  }

  #acceptTokenByte(byte: number): boolean {
    if (this.#expecting !== 'value' && this.#expecting !== 'value-or-close') return false
    this.#token += String.fromCharCode(byte)
    return true
  }

  #endToken(): boolean {
    const valid = JSON_TOKEN.test(this.#token)
    this.#token = ''
    this.#expecting = 'comma-or-close'
    return valid
  }

  #acceptMark(byte: number): boolean {
    const expecting = this.#expecting
    const takesValue = expecting === 'value' || expecting === 'value-or-close'
    switch (byte) {
      case QUOTE:
        this.#inString = true
        if (expecting === 'key' || expecting === 'key-or-close') this.#expecting = 'colon'
        else if (!takesValue) return false
        return true
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        this.#expecting = byte === OPEN_OBJECT ? 'key-or-close' : 'value-or-close'
        return takesValue && this.#open.push(byte) <= MAX_JSON_DEPTH
      case CLOSE_OBJECT:
        if (expecting !== 'key-or-close' && expecting !== 'comma-or-close') return false
        this.#expecting = 'comma-or-close'
        return this.#open.pop() === OPEN_OBJECT
      case CLOSE_ARRAY:
        if (expecting !== 'value-or-close' && expecting !== 'comma-or-close') return false
        this.#expecting = 'comma-or-close'
        return this.#open.pop() === OPEN_ARRAY
      case COLON:
        this.#expecting = 'value'
        return expecting === 'colon'
      case COMMA:
        this.#expecting = this.#open.at(-1) === OPEN_OBJECT ? 'key' : 'value'
        return expecting === 'comma-or-close'
      default:
        return false
    }
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function isHexDigit(byte: number): boolean {
  const letter = byte | 0x20
  return (byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x66)
}
