// Builds, then runs every test/stress/*.stress.js, one after the other: node scripts/stress.js [--seconds N] [NAME ...].
// STRESS_SECONDS is the default of --seconds; STRESS_VERBOSE shows what they print. Exit code 1 if one fails or does not end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import './build.js'

/** Beyond its --seconds an entry may take so long to start, to run its negative controls and to end. */
const GRACE_S = 90

const { values, positionals } = parseArgs({ options: { seconds: { type: 'string' } }, allowPositionals: true })
const seconds = Number(values.seconds ?? process.env.STRESS_SECONDS ?? 60)
if (!(seconds > 0)) throw new RangeError(`--seconds must be above 0, got ${values.seconds}`)

const folder = join(import.meta.dirname, '..', 'test', 'stress')
const entries = readdirSync(folder)
  .filter(name => name.endsWith('.stress.js'))
  .filter(name => positionals.length === 0 || positionals.includes(basename(name, '.stress.js')))
if (entries.length === 0) throw new RangeError(`no entry of test/stress is named ${positionals.join(' or ')}`)

for (const name of entries) {
  const started = performance.now()
  const child = spawn(process.execPath, [join(folder, name), '--seconds', String(seconds)], { stdio: 'pipe' })
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
  if (code !== 0 || process.env.STRESS_VERBOSE) console.log(output.trimEnd().replace(/^/gm, '  '))
}
