import type { NumericFormat } from '../../../channel-format.js'
import type { Words } from './wire.js'

const SIGN = 0x80000000
const EXPONENT_32 = 0x7f800000
const EXPONENT_64_HIGH = 0x7ff00000

/** Turns floats too small for a normal exponent into zeros of their sign, as an outlet may ask of its inlets. */
export function flushSubnormals(words: Words, format: NumericFormat, start: number, count: number): void {
  if (format === 'float32') {
    for (let i = start; i < start + count; i++) {
      const word = words[i] ?? 0
      if ((word & EXPONENT_32) === 0) words[i] = word & SIGN
    }
  } else if (format === 'double64') {
    // little-endian halves: the exponent is in the second
    for (let i = start; i < start + count; i += 2) {
      const high = words[i + 1] ?? 0
      if ((high & EXPONENT_64_HIGH) !== 0) continue
      words[i] = 0
      words[i + 1] = high & SIGN
    }
  }
}
