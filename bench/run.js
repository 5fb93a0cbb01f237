// Runs bench/*.bench.js one after the other:
// node bench/run.js [--only TEXT,TEXT] [--quick] [--rounds N] [--json FILE] [--html] [--from FILE ...] [--markdown [--results FOLDER]]
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { QUICK_BUDGET_MS, ROUNDS, runCase } from './harness.js'
import { fingerprint } from './support/fingerprint.js'
import { htmlReport } from './support/html-report.js'
import { markdownPages } from './support/markdown-report.js'
import { Progress } from './support/progress.js'
import { caseLines } from './support/report.js'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    json: { type: 'string' },
    html: { type: 'boolean', default: false },
    from: { type: 'string', multiple: true },
    markdown: { type: 'boolean', default: false },
    results: { type: 'string', default: join(import.meta.dirname, 'results') },
  },
})

/** Measures every bench whose file has one of the parts of `only` in its name, printing and saving as it goes: a run that is cut off keeps what it has. */
async function measure({ only, quick, rounds: given }, save) {
  const rounds = Number(given ?? (quick ? ROUNDS.quick : ROUNDS.full))
  if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`--rounds must be a whole number, not ${given}`)
  const files = readdirSync(import.meta.dirname).filter(name => name.endsWith('.bench.js'))
  const wanted = only.split(',')
  const unknown = wanted.find(part => !files.some(name => name.includes(part)))
  if (unknown !== undefined) throw new Error(`no bench in ${import.meta.dirname} has '${unknown}' in its name`)

  // Names the LSL library, confines it to this machine, changes the working directory.
  await import('./support/loopback.js')
  const { peersFound } = await import('./support/peers.js')
  const machine = { ...fingerprint(), ...peersFound() }
  console.log(
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.platform}, load ${machine.loadBefore}`,
  )
  console.log(`Python peers: ${machine.python}; C limits: ${machine.compiler}; liblsl: ${machine.library}`)
  const progress = new Progress()
  const show = text => progress.show(text)
  const budgetMs = quick && given === undefined ? QUICK_BUDGET_MS : Infinity
  const run = { machine, rounds, quick, benches: [] }
  for (const file of files.filter(name => wanted.some(part => name.includes(part))).sort()) {
    const { default: bench } = await import(`./${file}`)
    console.log(`\n${bench.id}: ${bench.about}`)
    const cases = []
    run.benches.push({ id: bench.id, about: bench.about, cases })
    for await (const one of bench.cases({ quick })) {
      const result = await runCase(one, rounds, { progress: show, budgetMs })
      cases.push(result)
      progress.clear()
      console.log(caseLines(result).join('\n'))
      save(run)
    }
  }
  return run
}

// Before anything changes the working directory.
const jsonFile = values.json && resolve(values.json)
const save = run => jsonFile && writeFileSync(jsonFile, `${JSON.stringify(run, undefined, 2)}\n`)
const runs = values.from?.map(file => JSON.parse(readFileSync(file, 'utf8'))) ?? [await measure(values, save)]
if (jsonFile) console.log(`\nwritten to ${jsonFile}`)
if (values.html) {
  const page = join(import.meta.dirname, 'report.html')
  writeFileSync(page, htmlReport(runs))
  console.log(`\nwritten to ${page}`)
}
if (values.markdown) {
  const folder = resolve(values.results)
  mkdirSync(folder, { recursive: true })
  for (const [file, text] of markdownPages(runs)) writeFileSync(join(folder, file), text)
  console.log(`\nwritten to ${folder}`)
}
