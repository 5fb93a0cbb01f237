// Runs bench/*.bench.js one after the other: node bench/run.js [--only TEXT] [--quick] [--rounds N] [--json FILE]
import { readdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fingerprint, ROUNDS, runCase } from './harness.js'
import { caseLines } from './support/report.js'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    json: { type: 'string' },
  },
})
const { only, quick } = values
// The benches of LSL change the working directory.
const jsonFile = values.json && resolve(values.json)
const rounds = Number(values.rounds ?? (quick ? ROUNDS.quick : ROUNDS.full))
if (!Number.isInteger(rounds) || rounds < 1)
  throw new RangeError(`--rounds must be a whole number, not ${values.rounds}`)

const machine = fingerprint()
console.log(
  `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.platform}, load ${machine.loadBefore}`,
)
const benches = []
const files = readdirSync(import.meta.dirname).filter(name => name.endsWith('.bench.js') && name.includes(only))
for (const file of files.sort()) {
  const { default: bench } = await import(`./${file}`)
  console.log(`\n${bench.id}: ${bench.about}`)
  const cases = []
  for await (const one of bench.cases({ quick })) {
    const result = await runCase(one, rounds)
    cases.push(result)
    console.log(caseLines(result).join('\n'))
  }
  benches.push({ id: bench.id, about: bench.about, cases })
}
if (benches.length === 0) throw new Error(`no bench in ${import.meta.dirname} has '${only}' in its name`)
if (jsonFile) {
  writeFileSync(jsonFile, `${JSON.stringify({ machine, rounds, quick, benches }, undefined, 2)}\n`)
  console.log(`\nwritten to ${jsonFile}`)
}
