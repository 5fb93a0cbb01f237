const NOT_ASCII = /[\x80-\xff]/
const utf8 = new TextDecoder('utf-8', { fatal: true })

export function isAscii(bytes: string): boolean {
  return !NOT_ASCII.test(bytes)
}

/** The text of a piece of the stream (one character a byte): UTF-8, or ASCII among stray 0xC2, or undefined when neither. */
export function decodeWire(bytes: string): string | undefined {
  if (isAscii(bytes)) return bytes
  try {
    return utf8.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    // Old clients put a stray 0xC2 before a command; the Python servers delete it.
    const ascii = bytes.replaceAll('\xc2', '')
    return isAscii(ascii) ? ascii : undefined
  }
}

/** True when no further byte can make `bytes` decodable; a character cut in half is not hopeless. */
export function isUndecodable(bytes: string): boolean {
  if (isAscii(bytes)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes, 'latin1'), { stream: true })
    return false
  } catch {
    return decodeWire(bytes) === undefined
  }
}
