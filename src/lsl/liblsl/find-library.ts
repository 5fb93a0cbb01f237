import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { platform } from '../../system/platform.js'
import type { Platform } from '../../system/platform.js'

/** Environment variables that name a library, in the order they are asked; each may hold a file or its folder. */
export const LIBRARY_VARIABLES = ['LSL_LIB', 'PYLSL_LIB', 'MNE_LSL_LIB', 'LIBLSL_PATH'] as const

/** A place to look for the C library, and whether the user named it: then its age does not matter, and failing is an error. */
export interface LibraryCandidate {
  readonly path: string
  readonly named: boolean
  /** Who says so: 'option library', 'LSL_LIB' or 'search'. */
  readonly origin: string
}

const UNIX_NAMES = ['liblsl.so.2', 'liblsl.so', 'liblsl64.so']

const NAMES: Readonly<Record<Platform, readonly string[]>> = {
  linux: UNIX_NAMES,
  unix: UNIX_NAMES,
  // A build of liblsl by its own settings is a framework.
  darwin: ['liblsl.dylib', 'liblsl.2.dylib', 'liblsl64.dylib', 'lsl.framework/lsl'],
  windows: ['lsl.dll', 'liblsl64.dll', 'liblsl.dll'],
}

/** The versioned names that builds and wheels use beside those, such as liblsl.so.1.17.7. */
const VERSIONED = /^liblsl(64)?(\.so(\.\d+)+|(\.\d+)+\.dylib)$/

/** How Debian names the folder of this processor's libraries. */
const DEBIAN_FOLDERS: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
}

function usualFolders(): readonly string[] {
  switch (platform()) {
    case 'windows':
      return ['C:\\Program Files\\LSL\\bin', 'C:\\LSL']
    case 'darwin':
      return [
        ...['/opt/homebrew', '/usr/local'].flatMap(brew => [
          join(brew, 'lib'),
          join(brew, 'opt', 'lsl', 'lib'),
          join(brew, 'Frameworks'),
          join(brew, 'opt', 'lsl', 'Frameworks'),
        ]),
        '/Library/Frameworks',
      ]
    default: {
      const debian = DEBIAN_FOLDERS[process.arch]
      return ['/usr/local/lib', '/usr/lib', ...(debian === undefined ? [] : [join('/usr/lib', debian)])]
    }
  }
}

/** Where the wheels of pylsl and mne-lsl keep the library inside a Python environment. */
function wheelFolders(prefix: string): string[] {
  const isWindows = platform() === 'windows'
  const lib = join(prefix, isWindows ? 'Lib' : 'lib')
  if (!existsSync(lib)) return []
  const pythons = isWindows ? [lib] : readdirSync(lib).map(name => join(lib, name))
  return pythons.flatMap(python => [
    join(python, 'site-packages', 'pylsl', 'lib'),
    join(python, 'site-packages', 'mne_lsl', 'lsl', 'lib'),
  ])
}

/** The libraries in a folder, best name first; none where there is no such folder. A framework of macOS is a folder too. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return []
  const names = folder.endsWith('.framework') ? [basename(folder, '.framework')] : NAMES[platform()]
  const plain = names.filter(name => existsSync(join(folder, name)))
  const found = plain.length > 0 ? plain : readdirSync(folder).filter(name => VERSIONED.test(name))
  return found.map(name => join(folder, name))
}

/**
 * Where the C library may be, best first: the option, the environment, the system's own search, the usual folders, and the
 * wheels of pylsl and mne-lsl in an active conda or virtual environment. Only files that exist are listed for the folders.
 */
export function libraryCandidates(option?: string, env: NodeJS.ProcessEnv = process.env): LibraryCandidate[] {
  const names = NAMES[platform()]
  const fileIn = (path: string): string => filesIn(path)[0] ?? path
  const named: LibraryCandidate[] = []
  if (option !== undefined) named.push({ path: fileIn(option), named: true, origin: 'option library' })
  for (const variable of LIBRARY_VARIABLES) {
    const path = env[variable]
    if (path !== undefined && path !== '') named.push({ path: fileIn(path), named: true, origin: variable })
  }
  const prefixes = [env['CONDA_PREFIX'], env['VIRTUAL_ENV']].filter(prefix => prefix !== undefined)
  const folders = [
    ...usualFolders(),
    ...prefixes.flatMap(prefix => [
      platform() === 'windows' ? join(prefix, 'Library', 'bin') : join(prefix, 'lib'),
      ...wheelFolders(prefix),
    ]),
  ]
  const files = folders.flatMap(filesIn)
  return [...named, ...[...names, ...files].map(path => ({ path, named: false, origin: 'search' }))]
}

/** What to type to get the library on this platform. */
export function installAdvice(): string {
  if (platform() === 'darwin') return 'brew install labstreaminglayer/tap/lsl'
  if (platform() === 'windows') return 'unpack a liblsl release and set LSL_LIB to its lsl.dll'
  return 'pip install pylsl and set LSL_LIB to the liblsl.so in its lib folder, or install a liblsl package'
}
