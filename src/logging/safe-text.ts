/** What a terminal or an editor would act on: all controls but tab and the line breaks that Python writes too. */
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)/g
/** A line break after which a reader, or a program, would take the text for a record of its own. */
const FORGED = /\r?\n(?=\s*\d{4}-\d\d-\d\d[ T]\d\d:\d\d)/g
const BREAKS = /[\r\n\t]/g

const escapeOf = (letter: string): string =>
  letter === '\r' ? '\\r' : `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`

/** Text of a record, over as many lines as it has, that can pass for no other record and moves no cursor. */
export function safeText(text: string): string {
  return text
    .replaceAll(CONTROLS, escapeOf)
    .replaceAll(FORGED, lineBreak => (lineBreak.length === 2 ? '\\r\\n' : '\\n'))
}

/** The same for a name: one line. */
export function safeName(name: string): string {
  return name.replaceAll(CONTROLS, escapeOf).replaceAll(BREAKS, letter => JSON.stringify(letter).slice(1, -1))
}
