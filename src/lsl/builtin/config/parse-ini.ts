/** The keys of an INI file as 'section.key', or the reason why liblsl refuses it. Never throws. */
export function parseIni(text: string): { entries: ReadonlyMap<string, string> } | { reason: string } {
  const entries = new Map<string, string>()
  let section = ''
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = raw.trim()
    const refuse = (reason: string): { reason: string } => ({ reason: `line ${index + 1}: ${reason}` })
    if (line === '' || line.startsWith(';')) continue
    if (line.startsWith('[')) {
      if (!line.endsWith(']')) return refuse(`section ${line} is not closed`)
      section = `${line.slice(1, -1).trim()}.`
      continue
    }
    const equals = line.indexOf('=')
    if (equals < 0) return refuse(`'${line}' is neither a comment (;), a [section] nor key = value`)
    const key = section + line.slice(0, equals).trim()
    const value = line.slice(equals + 1).trim()
    if (key === section || value === '') return refuse(`'${line}' has no ${value === '' ? 'value' : 'key'}`)
    if (entries.has(key)) return refuse(`${key} is given twice`)
    entries.set(key, value)
  }
  return { entries }
}
