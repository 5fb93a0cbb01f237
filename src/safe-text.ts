/**
 * What a terminal or an editor would act on: all controls but tab and the line breaks that Python writes too, the line breaks of
 * Unicode, and what turns the direction of writing, so that a text reads as another one.
 */
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+|\r(?!\n)/g
/** The same, and tab and line breaks. */
const NAME_CONTROLS = /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+/g
/** The begin of a record, and what would make it begin a line. */
const RECORD_TIME = /\d{4}-\d\d-\d\d[ T]\d\d:\d\d/g
const BLANK = /\s/
const LINE_BREAK = /[\r\n]+/g

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const ESCAPES = Array.from({ length: 0xa0 }, (_, code) => {
  const letter = String.fromCharCode(code)
  return NAMED[letter] ?? `\\x${code.toString(16).padStart(2, '0')}`
})

/** A run of controls, visibly. */
function escaped(run: string): string {
  let text = ''
  for (let at = 0; at < run.length; at++) {
    const code = run.charCodeAt(at)
    text += ESCAPES[code] ?? `\\u${code.toString(16)}`
  }
  return text
}

/** Text of a record, over as many lines as it has, that can pass for no other record and moves no cursor. */
export function safeText(text: string): string {
  return unforged(text.replaceAll(CONTROLS, escaped))
}

/** Escapes the line breaks after which a reader, or a program, would take the text for a record of its own. */
function unforged(text: string): string {
  let safe = ''
  let end = 0
  for (const { index } of text.matchAll(RECORD_TIME)) {
    // Backwards, over blanks that belong to this time only: each is looked at once, however many there are.
    let blanks = index
    while (blanks > end && BLANK.test(text.charAt(blanks - 1))) blanks--
    safe += text.slice(end, blanks) + text.slice(blanks, index).replaceAll(LINE_BREAK, escaped)
    end = index
  }
  return safe + text.slice(end)
}

/** The same for a name: one line. */
export function safeName(name: string): string {
  return name.replaceAll(NAME_CONTROLS, escaped)
}
