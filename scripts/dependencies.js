// Checks what the package makes its users install: the licence of each dependency, and whether a fault of one is known.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { licenceFault } from './licences.js'

const root = join(import.meta.dirname, '..')
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))

const shipped = Object.entries(lock.packages).filter(
  ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
)
const faults = shipped
  .map(([path, { license }]) => licenceFault(path.replace(/^.*node_modules\//, ''), license))
  .filter(fault => fault !== undefined)

/** What npm's registry knows of faults; nothing where it does not answer that question, as mirrors may not. */
function audited() {
  const npm = process.env['npm_execpath']
  if (npm === undefined) return {}
  const { stdout } = spawnSync(process.execPath, [npm, 'audit', '--omit=dev', '--json'], {
    cwd: root,
    encoding: 'utf8',
  })
  try {
    return JSON.parse(stdout)
  } catch {
    return {}
  }
}

const audit = audited()
if (audit.vulnerabilities === undefined) console.log('npm audit: no answer')
for (const { name, severity, range } of Object.values(audit.vulnerabilities ?? {}))
  faults.push(`${name} ${range} has a known fault of severity ${severity}: npm audit --omit=dev`)

for (const fault of faults) console.error(fault)
console.log(`${shipped.length} dependencies, ${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
