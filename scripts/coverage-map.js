// Which sources a test answers for: what it runs by the way of others' does not count as tested.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

const src = join(import.meta.dirname, '..', 'src')

/** Tests that are named for what they try rather than for a source, with the part of src that they answer for. */
const WIDER = [
  [/^(cli|examples)\b/, /^(cli\.ts|commands\/)/],
  [/^stream-watcher\b/, /^(stream-watcher\.ts|workers\/watcher\/)/],
]

/** `test`: its path below test, as `ring/ring-reader.test.js`. Answers whether the source, by its path below src, is covered. */
export function coverageMap(test) {
  const wider = WIDER.find(([pattern]) => pattern.test(test))
  if (wider) return source => wider[1].test(source)
  const own = test.replace(/\.[a-z]+\.js$/, '')
  const isFile = existsSync(join(src, `${own}.ts`))
  const isFolder = existsSync(join(src, own))
  if (isFile || isFolder) return source => source === `${own}.ts` || source.startsWith(`${own}/`)
  // Named for a behaviour: it answers for its room.
  const room = dirname(test)
  return source => source.startsWith(`${room}/`)
}
