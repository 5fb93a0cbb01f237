import { DareplaneError } from '../../errors.js'
import { koffi } from '../../system/koffi.js'
import type { Address } from './prototypes.js'

/** The address of memory that its owner keeps: valid as long as `array` lives. */
export function addressOf(array: NodeJS.TypedArray): Address {
  return Number(koffi().address(array))
}

const TIMEOUT = -1
const LOST = -2

/** Where C functions leave their error code. One a thread of calls: an asynchronous call needs its own. */
export class ErrorCell {
  // Cleared before each call: libraries before 1.17 do not clear it themselves (liblsl#266).
  readonly #code = new Int32Array(1)
  readonly address: Address = addressOf(this.#code)

  clear(): void {
    this.#code[0] = 0
  }

  get timedOut(): boolean {
    return this.#code[0] === TIMEOUT
  }

  /** Throws what the last call reported; a time-out is no error here. */
  check(stream: string): void {
    const code = this.#code[0] ?? 0
    if (code === 0 || code === TIMEOUT) return
    if (code === LOST) throw new DareplaneError('ERR_STREAM_LOST', `stream ${stream} was lost`)
    throw new DareplaneError('ERR_LIBLSL', `liblsl reports error ${code} on stream ${stream}`)
  }
}
