// Builds, then runs every test/stress/*.stress.js, one after the other: node scripts/stress.js [--seconds N] [--seed N] [NAME ...].
// Named by itself, `chaos` takes ten minutes and `soak` twenty. STRESS_SECONDS is the default of --seconds. What they print is shown of
// one that fails, of one that is named by itself, and with STRESS_VERBOSE. Exit code 1 if one fails or does not end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildTests, root } from './build.js'

/** Beyond its --seconds an entry may take so long to start, to run its negative controls and to end. */
const GRACE_S = 90

/** What an entry takes that is named by itself. */
const OWN_SECONDS = { chaos: 600, soak: 1200 }

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string' }, seed: { type: 'string' } },
  allowPositionals: true,
})
const own = positionals.length === 1 ? OWN_SECONDS[positionals[0]] : undefined
const seconds = Number(values.seconds ?? own ?? process.env.STRESS_SECONDS ?? 60)
const seed = values.seed === undefined ? [] : ['--seed', values.seed]
if (!(seconds > 0)) throw new RangeError(`--seconds must be above 0, got ${values.seconds}`)

await buildTests()
const folder = join(root, 'build', 'test', 'stress')
const entries = readdirSync(folder)
  .filter(name => name.endsWith('.stress.js'))
  .filter(name => positionals.length === 0 || positionals.includes(basename(name, '.stress.js')))
if (entries.length === 0) throw new RangeError(`no entry of test/stress is named ${positionals.join(' or ')}`)

for (const name of entries) {
  const started = performance.now()
  const child = spawn(process.execPath, [join(folder, name), '--seconds', String(seconds), ...seed], { stdio: 'pipe' })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text))
  const limit = setTimeout(() => child.kill('SIGKILL'), (seconds + GRACE_S) * 1000)
  const [code, signal] = await once(child, 'close')
  clearTimeout(limit)
  const took = `${((performance.now() - started) / 1000).toFixed(1)} s`
  console.log(
    `${code === 0 ? 'ok' : 'FAILED'} ${basename(name, '.stress.js')} (${took}${signal ? `, did not end` : ''})`,
  )
  if (code !== 0) process.exitCode = 1
  if (code !== 0 || positionals.length === 1 || process.env.STRESS_VERBOSE)
    console.log(output.trimEnd().replace(/^/gm, '  '))
}
