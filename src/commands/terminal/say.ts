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

/** What JSON lets pass, and a terminal would act on. */
const PASSED = /[\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g

/** Prints a value as JSON, for programs. */
export function sayJson(value: unknown, indent?: number): void {
  console.log(JSON.stringify(value, undefined, indent).replaceAll(PASSED, escaped))
}

const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
