// Runs test/interop against the Python peers, in a virtual environment of pinned versions that it makes once in .venv.
// INTEROP_PYTHON names another interpreter that has them. Arguments go to tap.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const venv = join(root, '.venv')
const requirements = join(root, 'test', 'interop', 'requirements.txt')
const installed = join(venv, 'installed-requirements.txt')

function run(command, args, env = process.env) {
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  if (error) console.error(`${command}: ${error.message}`)
  return status ?? 1
}

function must(command, ...args) {
  if (run(command, args) === 0) return
  console.error(`interop: '${command} ${args.join(' ')}' failed; Python 3.11 or newer with venv and pip is needed`)
  process.exit(1)
}

function venvPython() {
  const python = process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python')
  const wanted = readFileSync(requirements, 'utf8')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return python
  rmSync(venv, { recursive: true, force: true })
  must(process.platform === 'win32' ? 'python' : 'python3', '-m', 'venv', venv)
  must(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements)
  // Written last: an installation that was interrupted is done again.
  mkdirSync(venv, { recursive: true })
  writeFileSync(installed, wanted)
  return python
}

const env = {
  ...process.env,
  INTEROP_PYTHON: process.env.INTEROP_PYTHON || venvPython(),
  LSLAPICFG: join(root, 'test', 'lsl_api.cfg'),
}
must(process.execPath, join(root, 'scripts', 'build.js'))
const tap = join(root, 'node_modules', 'tap', 'dist', 'esm', 'run.mjs')
process.exit(run(process.execPath, [tap, ...process.argv.slice(2), 'test/interop/*.interop.ts'], env))
