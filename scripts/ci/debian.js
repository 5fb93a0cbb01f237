import { spawnSync } from 'node:child_process'
import { ends } from './tally.js'

let isUpdated = false

/** Installs a Debian package where the command behind it fails. What could not be installed is missed by the tests that need it. */
export function needed(name, command, args) {
  if (ends(command, args) || !ends('apt-get', ['--version'])) return
  if (!isUpdated) apt('update', '-qq')
  isUpdated = true
  if (!apt('install', '-y', '-qq', name)) console.log(`== ${name} is missing and could not be installed`)
}

function apt(...args) {
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]
  const [program, ...rest] = process.getuid?.() === 0 ? command : ['sudo', '-n', ...command]
  return spawnSync(program, rest, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
}
