import { fileURLToPath } from 'node:url'
import t from 'tap'

/**
 * Runs a test file of plain JavaScript, which imports from dist, under node without the loader of the sources: there a
 * thread starts in 40 ms instead of seconds. `npm test` has built dist before.
 */
export function runBuilt(file: URL): void {
  const path = fileURLToPath(file)
  t.spawn(process.execPath, [path], { env: { ...process.env, TAP: '1' } }, path.split('/').at(-1))
}
