import { safeName } from '../../safe-text.js'

/** Prints lines to stdout. Names and texts of others are in them: nothing of that reaches the terminal as a control sequence. */
export function say(lines: string | readonly string[]): void {
  const all = typeof lines === 'string' ? [lines] : lines
  console.log(all.map(safeName).join('\n'))
}

/** Prints one sentence to stderr, in the same way. */
export function complain(text: string): void {
  console.error(`dareplane: ${safeName(text)}`)
}

/** Prints a value as JSON, for programs. JSON itself lets pass the controls of eight bits. */
export function sayJson(value: unknown, indent?: number): void {
  console.log(JSON.stringify(value, undefined, indent).replaceAll(/[\x7f-\x9f]/g, escaped))
}

const escaped = (letter: string): string => `\\u00${letter.charCodeAt(0).toString(16)}`
