import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Environment variables that name a library, in the order they are asked; each may hold a file or its folder. */
export const LIBRARY_VARIABLES = ['LSL_LIB', 'PYLSL_LIB', 'MNE_LSL_LIB', 'LIBLSL_PATH'] as const

/** A place to look for the C library, and whether the user named it: then its age does not matter, and failing is an error. */
export interface LibraryCandidate {
  readonly path: string
  readonly named: boolean
  /** Who says so: 'option library', 'LSL_LIB' or 'search'. */
  readonly origin: string
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  linux: ['liblsl.so.2', 'liblsl.so', 'liblsl64.so'],
  darwin: ['liblsl.dylib', 'liblsl.2.dylib', 'liblsl64.dylib'],
  win32: ['lsl.dll', 'liblsl64.dll', 'liblsl.dll'],
}

/** The versioned names that builds and wheels use beside those, such as liblsl.so.1.17.7. */
const VERSIONED = /^liblsl(64)?(\.so(\.\d+)+|(\.\d+)+\.dylib)$/

const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  linux: ['/usr/local/lib', '/usr/lib', `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`],
  darwin: ['/opt/homebrew/lib', '/opt/homebrew/opt/lsl/lib', '/usr/local/lib', '/usr/local/opt/lsl/lib'],
  win32: ['C:\\Program Files\\LSL\\bin', 'C:\\LSL'],
}

/** Where the wheels of pylsl and mne-lsl keep the library inside a Python environment. */
function wheelFolders(prefix: string): string[] {
  const lib = process.platform === 'win32' ? join(prefix, 'Lib') : join(prefix, 'lib')
  if (!existsSync(lib)) return []
  const pythons = process.platform === 'win32' ? [lib] : readdirSync(lib).map(name => join(lib, name))
  return pythons.flatMap(python => [
    join(python, 'site-packages', 'pylsl', 'lib'),
    join(python, 'site-packages', 'mne_lsl', 'lsl', 'lib'),
  ])
}

/** The libraries in a folder, best name first; none where there is no such folder. */
function filesIn(folder: string, names: readonly string[]): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return []
  const there = readdirSync(folder)
  const plain = names.filter(name => there.includes(name))
  const found = plain.length > 0 ? plain : there.filter(name => VERSIONED.test(name))
  return found.map(name => join(folder, name))
}

/**
 * Where the C library may be, best first: the option, the environment, the system's own search, the usual folders, and the
 * wheels of pylsl and mne-lsl in an active conda or virtual environment. Only files that exist are listed for the folders.
 */
export function libraryCandidates(option?: string, env: NodeJS.ProcessEnv = process.env): LibraryCandidate[] {
  const names = NAMES[process.platform] ?? NAMES['linux'] ?? []
  const fileIn = (path: string): string => filesIn(path, names)[0] ?? path
  const named: LibraryCandidate[] = []
  if (option !== undefined) named.push({ path: fileIn(option), named: true, origin: 'option library' })
  for (const variable of LIBRARY_VARIABLES) {
    const path = env[variable]
    if (path !== undefined && path !== '') named.push({ path: fileIn(path), named: true, origin: variable })
  }
  const prefixes = [env['CONDA_PREFIX'], env['VIRTUAL_ENV']].filter(prefix => prefix !== undefined)
  const folders = [
    ...(FOLDERS[process.platform] ?? []),
    ...prefixes.flatMap(prefix => [
      join(prefix, process.platform === 'win32' ? 'Library\\bin' : 'lib'),
      ...wheelFolders(prefix),
    ]),
  ]
  const files = folders.flatMap(folder => filesIn(folder, names))
  return [...named, ...[...names, ...files].map(path => ({ path, named: false, origin: 'search' }))]
}

/** What to type to get the library on this platform. */
export function installAdvice(): string {
  if (process.platform === 'darwin') return 'brew install labstreaminglayer/tap/lsl'
  if (process.platform === 'win32') return 'unpack a liblsl release and set LSL_LIB to its lsl.dll'
  return 'pip install pylsl and set LSL_LIB to the liblsl.so in its lib folder, or install a liblsl package'
}
