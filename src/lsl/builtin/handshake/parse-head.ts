/** First line and headers of a request or an answer; keys in lower case, comments after ';' left out. */
export interface Head {
  readonly first: string
  readonly headers: ReadonlyMap<string, string>
  /** Bytes after the blank line begin here. */
  readonly end: number
}

/** A head is some 400 bytes long; whoever sends more is no LSL peer. */
export const LONGEST_HEAD = 16 * 1024

/** The head at the start of `bytes`, undefined while its blank line has not arrived. Never throws. */
export function parseHead(bytes: Uint8Array): Head | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, LONGEST_HEAD)).toString('latin1')
  const blank = /\r?\n\r?\n/.exec(text)
  if (blank === null) return undefined
  const [first = '', ...lines] = text.slice(0, blank.index).split('\n')
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [said = ''] = line.split(';')
    const colon = said.indexOf(':')
    if (colon > 0) headers.set(said.slice(0, colon).trim().toLowerCase(), said.slice(colon + 1).trim())
  }
  return { first: first.trim(), headers, end: blank.index + blank[0].length }
}
