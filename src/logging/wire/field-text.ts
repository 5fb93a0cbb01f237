/** A longer value is cut in the text of the message. The field itself stays whole. */
const LONGEST_VALUE = 1024
/** What needs no quotes: it can be told from the next field. */
const BARE = /^[^\s"'=]+$/

/** The message with its fields behind: `stimulus shown trial=3`. Python's server, and every log file, shows messages only. */
export function withFields(msg: string, fields: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(fields).map(([key, value]) => `${key}=${valueText(value)}`)
  return msg === '' ? texts.join(' ') : [msg, ...texts].join(' ')
}

function valueText(value: unknown): string {
  const isBare = typeof value === 'string' && BARE.test(value)
  const text = isBare ? value : jsonText(value)
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text
}

/** The JSON of a value as far as it has one; an integer beyond 2^53, which comes as a bigint, is its digits. Never throws. */
export function jsonText(value: unknown): string {
  try {
    const text = JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? String(item) : item)) as
      string | undefined
    return typeof value === 'bigint' ? String(value) : (text ?? String(value))
  } catch {
    return typeof value
  }
}
