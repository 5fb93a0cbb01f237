import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

const NAME = 'dareplane-utils'

interface Lock {
  readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>
}

/**
 * What a new module's package.json asks npm for, so that `npm install` finds this very package: the version where it came from a registry, else
 * the tarball that it was installed from, or the clone that it runs from. `folder` is that of this package.
 */
export function utilsDependency(folder: string): string {
  const modules = dirname(folder)
  if (basename(modules) !== 'node_modules') return `file:${folder}`
  const { version } = read(join(folder, 'package.json')) as { version: string }
  // npm notes there where each package came from.
  const lockFile = join(modules, '.package-lock.json')
  const lock: Lock = existsSync(lockFile) ? (read(lockFile) as Lock) : {}
  const resolved = lock.packages?.[`node_modules/${NAME}`]?.resolved ?? ''
  return resolved.startsWith('file:')
    ? `file:${resolve(dirname(modules), resolved.slice('file:'.length))}`
    : `^${version}`
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
