/** What an INI file says, as 'section.key', and on which lines. */
export interface IniFile {
  readonly entries: ReadonlyMap<string, string>
  readonly lines: ReadonlyMap<string, number>
}

export interface IniRules {
  /** To the letter of liblsl, which knows no byte-order mark, no indented section or comment, and no blank beside a section's name. */
  readonly strict: boolean
}

/** The keys of an INI file, or the reason why it is refused. Never throws. */
export function parseIni(text: string, { strict }: IniRules = { strict: false }): IniFile | { reason: string } {
  const entries = new Map<string, string>()
  const lines = new Map<string, number>()
  let section = ''
  for (const [index, raw] of (strict ? text : text.replace(/^\uFEFF/, '')).split('\n').entries()) {
    const line = strict ? raw : raw.trim()
    const refuse = (reason: string): { reason: string } => ({ reason: `line ${index + 1}: ${reason}` })
    if (line.trim() === '' || line.startsWith(';')) continue
    if (line.startsWith('[')) {
      const end = line.indexOf(']')
      if (end < 0) return refuse(`section ${line.trim()} is not closed`)
      const rest = line.slice(end + 1).trim()
      // liblsl reads on without it; whoever wrote it meant a setting, perhaps of a file whose lines end as on old Macs.
      if (!strict && rest !== '' && !rest.startsWith(';')) return refuse(`'${rest}' stands behind a [section]`)
      const name = line.slice(1, end)
      section = `${strict ? name : name.trim()}.`
      continue
    }
    const equals = line.indexOf('=')
    if (equals < 0) return refuse(`'${line.trim()}' is neither a comment (;), a [section] nor key = value`)
    const key = section + line.slice(0, equals).trim()
    const value = line.slice(equals + 1).trim()
    if (key === section || value === '') return refuse(`'${line.trim()}' has no ${value === '' ? 'value' : 'key'}`)
    if (entries.has(key)) return refuse(`${key} is given twice`)
    entries.set(key, value)
    lines.set(key, index + 1)
  }
  return { entries, lines }
}
