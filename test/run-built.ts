import { fileURLToPath } from 'node:url'
import t from 'tap'

/**
 * Runs a test file of plain JavaScript, which imports from dist, under node without the loader of the sources: there a
 * thread starts in 40 ms instead of seconds, and a process without what tap gives its own. `npm test` has built dist before.
 */
export function runBuilt(file: URL): void {
  const path = fileURLToPath(file)
  t.spawn(process.execPath, [path], { env: { ...process.env, NODE_OPTIONS: '', TAP: '1' } }, path.split('/').at(-1))
}
