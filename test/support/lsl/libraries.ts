import { createRequire } from 'node:module'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { platform } from '../../../src/system/platform.js'
import type { Platform } from '../../../src/system/platform.js'
import { projectFolder } from '../project.js'

/** What decides which liblsl can be loaded. */
export interface Machine {
  readonly platform: Platform
  readonly arch: string
  readonly glibc: boolean
  /** The current liblsl of a wheel. */
  readonly wheel: string | undefined
}

/** The old real liblsl 1.10 from npm, for Linux x64 with glibc. */
export const OLD_LIBRARY = join(
  dirname(createRequire(import.meta.url).resolve('node-lsl/package.json')),
  'prebuilt',
  'liblsl64.so',
)

/** The library that tests run on by default; undefined where none loads: then they run on the builtin engine alone. */
export function libraryFor(machine: Machine): string | undefined {
  return loadsOld(machine) ? OLD_LIBRARY : machine.wheel
}

function loadsOld({ platform, arch, glibc }: Machine): boolean {
  return platform === 'linux' && arch === 'x64' && glibc
}

export function thisMachine(): Machine {
  return { platform: platform(), arch: process.arch, glibc: hasGlibc(), wheel: wheelLibrary() }
}

function hasGlibc(): boolean {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } }
  return header.glibcVersionRuntime !== undefined
}

/** For tests of the C library: skips them where none is named. */
export function needsLiblsl(): { readonly skip: string | false } {
  return { skip: process.env['LSL_LIB'] === '' && 'no liblsl loads on this machine' }
}

/** For tests of what is different in liblsl 1.10. */
export function needsOldLiblsl(): { readonly skip: string | false } {
  const { skip } = needsLiblsl()
  return { skip: skip || (!loadsOld(thisMachine()) && 'liblsl 1.10 is for Linux x64 with glibc') }
}

const WHEELS = [
  ['pylsl', 'lib'],
  ['mne_lsl', 'lsl', 'lib'],
]

/** The current liblsl of a wheel, where npm run test:interop has installed one, or else undefined. */
export function wheelLibrary(python = process.env['INTEROP_PYTHON']): string | undefined {
  const venv = join(projectFolder, '.venv')
  const prefixes = [python === undefined ? undefined : dirname(dirname(python)), venv]
  for (const prefix of prefixes) {
    if (prefix === undefined) continue
    for (const packages of sitePackages(prefix)) {
      for (const wheel of WHEELS) {
        const folder = join(packages, ...wheel)
        const file =
          existsSync(folder) && readdirSync(folder).find(name => /^liblsl.*\.(so|dylib)|^lsl\.dll$/.test(name))
        if (file) return join(folder, file)
      }
    }
  }
  return undefined
}

/** The folders of Python packages below a prefix: lib/python3.12/site-packages, on Windows Lib/site-packages. */
function sitePackages(prefix: string): string[] {
  if (platform() === 'windows') return [join(prefix, 'Lib', 'site-packages')]
  const lib = join(prefix, 'lib')
  return existsSync(lib) ? readdirSync(lib).map(version => join(lib, version, 'site-packages')) : []
}
