/** What Python's json writes for a value that is neither a string nor a list nor an object: JSON's, and three numbers more. */
export const JSON_TOKEN = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity)$/

/** True for a character of such a value. */
export function isTokenCode(code: number): boolean {
  const letter = code | 0x20
  const isLetter = letter >= 0x61 && letter <= 0x7a
  const isDigit = code >= 0x30 && code <= 0x39
  return isLetter || isDigit || code === 0x2b || code === 0x2d || code === 0x2e
}
