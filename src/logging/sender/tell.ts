import { writeSync } from 'node:fs'
import { safeName } from '../../safe-text.js'

/** Says one sentence on stderr, before it returns: for what cannot be logged. Any thread. */
export function tell(text: string): void {
  writeNow(`dareplane: ${safeName(text)}\n`)
}

/** Writes to stderr before it returns, in the last moments of a process too. */
export function writeNow(text: string): void {
  try {
    writeSync(2, text)
  } catch {
    // Nobody reads standard error, or too slowly.
  }
}
