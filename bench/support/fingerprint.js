import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'
import { machine } from '../../dist/system/platform.js'

/** What the figures were measured on. */
export function fingerprint() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${machine()} ${release()}`,
    node: process.version,
    v8: process.versions.v8,
    loadBefore: loadavg()[0],
    commit: output('git', ['rev-parse', '--short', 'HEAD']) ?? 'unknown',
    date: new Date().toISOString(),
  }
}

/** The first line that a program prints; undefined where it is not there or fails. */
export function output(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe' }).trim().split('\n')[0]
  } catch {
    return undefined
  }
}
