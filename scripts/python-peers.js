// The Python peers of the interop tests and of the benches, at pinned versions, in a virtual environment that is made once
// in .venv: node scripts/python-peers.js
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isWindows } from './platform.js'

const root = join(import.meta.dirname, '..')
const venv = join(root, '.venv')
const requirements = join(root, 'test', 'interop', 'requirements.txt')
const installed = join(venv, 'installed-requirements.txt')

function must(command, ...args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (error) console.error(`${command}: ${error.message}`)
  if (status === 0) return
  console.error(`'${command} ${args.join(' ')}' failed; Python 3.11 or newer with venv and pip is needed`)
  process.exit(1)
}

/** Its interpreter; makes the environment if it is not there or its versions have changed. */
export function venvPython() {
  const python = isWindows ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python')
  const wanted = readFileSync(requirements, 'utf8')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return python
  rmSync(venv, { recursive: true, force: true })
  must(isWindows ? 'python' : 'python3', '-m', 'venv', venv)
  must(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements)
  // Written last: an installation that was interrupted is done again.
  mkdirSync(venv, { recursive: true })
  writeFileSync(installed, wanted)
  return python
}

if (process.argv[1] === import.meta.filename) console.log(venvPython())
