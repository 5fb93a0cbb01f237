// Builds, then runs compiled tests, each file in a process of its own:
// node scripts/test.js [test | slow | interop | browser] [--jobs N] [--coverage] [PART ...]
//
// A suite is the files whose names end so. With parts, only files whose path has one of them are run, as in
// `npm test -- ring/ server/limits`. All that they say is in build/SUITE.tap, for any program that reads TAP.
import { createWriteStream, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildTests, root } from './build.js'
import { TestFile } from './test-file.js'
import { Report } from './test-report.js'

/** What each suite takes on an idle machine of two cores, and the limit for one file, on a machine however busy. */
const SUITES = {
  test: { takes: '100 s', timeoutS: 200 },
  slow: { takes: '5 minutes', timeoutS: 600 },
  interop: { takes: '5 minutes', timeoutS: 600 },
  browser: { takes: '3 minutes', timeoutS: 600 },
}

const { values, positionals } = parseArgs({
  options: { jobs: { type: 'string', default: String(availableParallelism() + 1) }, coverage: { type: 'boolean' } },
  allowPositionals: true,
})
const suite = Object.hasOwn(SUITES, positionals[0] ?? '') ? positionals.shift() : 'test'
const parts = positionals.map(part => part.replace(/^test\//, '').replace(/\.[jt]s$/, ''))

await buildTests()
const folder = join(root, 'build', 'test')
const files = readdirSync(folder, { recursive: true })
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => file.endsWith(`.${suite}.js`))
  .filter(file => parts.length === 0 || parts.some(part => file.includes(part)))
if (files.length === 0) {
  console.error(`no file of the suite '${suite}' is named ${parts.join(' or ')}`)
  process.exit(1)
}

// What takes longest begins first, so that nothing is left to one process in the end.
const memory = join(root, 'build', `${suite}-seconds.json`)
const { whole, each } = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : { each: {} }
files.sort((a, b) => (each[b] ?? 0) - (each[a] ?? 0) || (a < b ? -1 : 1))

const duration = whole === undefined ? `about ${SUITES[suite].takes} on two cores` : `${whole} s the last time`
const count = files.length === 1 ? '1 file' : `${files.length} files`
console.log(`${suite}: ${count}, ${values.jobs} at a time` + (parts.length === 0 ? `; takes ${duration}` : ''))
const report = new Report(files.length)
const coverage = values.coverage ? new (await import('./coverage.js')).Coverage() : undefined
const tap = createWriteStream(join(root, 'build', `${suite}.tap`))
tap.write(`TAP version 14\n1..${files.length}\n`)

async function run(name) {
  const env = { ...process.env, ...(coverage && { NODE_V8_COVERAGE: coverage.folderOf(name) }) }
  const file = new TestFile(name, join(folder, name), { env, timeoutS: SUITES[suite].timeoutS })
  report.began(file)
  const isGood = await file.ended
  coverage?.keep(name)
  const ok = report.ended(file, isGood)
  tap.write(`# Subtest: ${name}\n${file.tap.replace(/^(?=.)/gm, '    ')}${ok ? 'ok' : 'not ok'} - ${name}\n`)
}

const waiting = files.values()
const runner = async () => {
  for (const name of waiting) await run(name)
}
await Promise.all(Array.from({ length: Number(values.jobs) }, runner))
tap.end()
if (coverage) await coverage.print()
const took = report.end()
const remembered = { whole: parts.length === 0 ? took : whole, each: { ...each, ...report.seconds } }
writeFileSync(memory, JSON.stringify(remembered))
process.exitCode = report.ok ? 0 : 1
