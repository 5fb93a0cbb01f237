// Runs test/interop against the Python peers of scripts/python-peers.js.
// INTEROP_PYTHON names another interpreter that has them. Arguments go to tap.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { venvPython } from './python-peers.js'

const root = join(import.meta.dirname, '..')

function run(args, env = process.env) {
  const { status, error } = spawnSync(process.execPath, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (error) console.error(`interop: ${error.message}`)
  return status ?? 1
}

const env = {
  ...process.env,
  INTEROP_PYTHON: process.env.INTEROP_PYTHON || venvPython(),
  LSLAPICFG: join(root, 'test', 'lsl_api.cfg'),
}
const built = run([join(root, 'scripts', 'build.js')])
if (built !== 0) process.exit(built)
const tap = join(root, 'node_modules', 'tap', 'dist', 'esm', 'run.mjs')
process.exit(run([tap, ...process.argv.slice(2), 'test/interop/*.interop.ts'], env))
