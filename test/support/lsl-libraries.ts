import { createRequire } from 'node:module'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The old real liblsl 1.10 from npm, for Linux x64. */
export const OLD_LIBRARY = join(
  dirname(createRequire(import.meta.url).resolve('node-lsl/package.json')),
  'prebuilt',
  'liblsl64.so',
)

const WHEELS = [
  ['pylsl', 'lib'],
  ['mne_lsl', 'lsl', 'lib'],
]

/** The current liblsl of a wheel, where npm run test:interop has installed one, or else undefined. */
export function wheelLibrary(python = process.env['INTEROP_PYTHON']): string | undefined {
  const venv = resolve(import.meta.dirname, '..', '..', '.venv')
  const prefixes = [python === undefined ? undefined : dirname(dirname(python)), venv]
  for (const prefix of prefixes) {
    if (prefix === undefined || !existsSync(join(prefix, 'lib'))) continue
    for (const version of readdirSync(join(prefix, 'lib'))) {
      for (const wheel of WHEELS) {
        const folder = join(prefix, 'lib', version, 'site-packages', ...wheel)
        const file = existsSync(folder) && readdirSync(folder).find(name => name.startsWith('liblsl.so'))
        if (file) return join(folder, file)
      }
    }
  }
  return undefined
}
