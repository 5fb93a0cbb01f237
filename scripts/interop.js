// Runs test/interop against the Python peers of scripts/python-peers.js.
// INTEROP_PYTHON names another interpreter that has them. Arguments go to scripts/test.js.
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
  LSLAPICFG: join(root, 'loopback', 'lsl_api.cfg'),
}
process.exit(run([join(root, 'scripts', 'test.js'), 'interop', ...process.argv.slice(2)], env))
