const NOT_ASCII = /[\x80-\xff]/
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The text of a piece of the stream (one character a byte): UTF-8, or ASCII among stray 0xC2, or undefined when neither. */
export function decodeWire(bytes: string): string | undefined {
  if (!NOT_ASCII.test(bytes)) return bytes
  try {
    return utf8.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    // Old clients put a stray 0xC2 before a command; the Python servers delete it.
    const ascii = bytes.replaceAll('\xc2', '')
    return NOT_ASCII.test(ascii) ? undefined : ascii
  }
}

/** True when no further byte can make `bytes` decodable; a character cut in half is not hopeless. */
export function isUndecodable(bytes: string): boolean {
  if (!NOT_ASCII.test(bytes)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes, 'latin1'), { stream: true })
    return false
  } catch {
    return decodeWire(bytes) === undefined
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' }

/** `bytes` as Python prints them: `b'\xff'`. */
export function pythonBytes(bytes: string): string {
  const quote = bytes.includes("'") && !bytes.includes('"') ? '"' : "'"
  const escaped = bytes.replace(/[^ -[\]-~]|'/g, char => {
    if (char === "'") return quote === "'" ? "\\'" : char
    return ESCAPES[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return `b${quote}${escaped}${quote}`
}
