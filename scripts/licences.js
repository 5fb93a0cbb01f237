// Under which licences the code of others may be shipped, and what those licences say.
import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Licences that allow everything as long as their text is passed on. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']

/** What is wrong with the licence of a package, as its package.json or the lock file gives it; undefined if nothing is. */
export function licenceFault(name, licence) {
  if (ALLOWED.includes(licence)) return undefined
  return `${name} is under ${licence ?? 'no licence'}; allowed are ${ALLOWED.join(', ')}`
}

/** The notice that has to go with the code of a package that is bundled. Throws where its licence does not allow that. */
export function licenceNotice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry))
  const fault =
    licenceFault(name, license) ?? (file === undefined ? `${basename(folder)} has no licence file` : undefined)
  if (fault !== undefined) throw new Error(fault)
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
}
