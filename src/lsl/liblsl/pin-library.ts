import { win32 } from 'node:path'
import { DareplaneError } from '../../errors.js'
import { koffi } from '../../system/koffi.js'
import { platform } from '../../system/platform.js'

/** What is needed of koffi. */
export interface Linker {
  load(path: string | null): { func(prototype: string): (...args: unknown[]) => unknown }
}

/** GET_MODULE_HANDLE_EX_FLAG_PIN of libloaderapi.h */
const PIN = 1
const RTLD_NOW = 2
const RTLD_NODELETE = 0x1000
const RTLD_NODELETE_OF_MACOS = 0x80

/**
 * Keeps a loaded library mapped until the process ends. koffi unloads it when a worker or the main environment ends, and the
 * threads of a live inlet then run in unmapped code: SIGSEGV. Throws ERR_LIBLSL_NOT_FOUND where the system refuses.
 */
export function pinLibrary(path: string, linker: Linker = koffi()): void {
  const isPinned = platform() === 'windows' ? pinOnWindows(path, linker) : pinOnPosix(path, linker)
  if (!isPinned) throw new DareplaneError('ERR_LIBLSL_NOT_FOUND', `the system does not keep ${path} loaded`)
}

/** Windows finds a module by its path only with backslashes, and one in a folder with an umlaut only in UTF-16. */
function pinOnWindows(path: string, linker: Linker): boolean {
  const pin = linker.load('kernel32.dll').func('bool GetModuleHandleExW(uint32 flags, str16 name, void *module)')
  return pin(PIN, win32.normalize(path), new BigUint64Array(1)) === true
}

function pinOnPosix(path: string, linker: Linker): boolean {
  const flags = RTLD_NOW | (platform() === 'darwin' ? RTLD_NODELETE_OF_MACOS : RTLD_NODELETE)
  return linker.load(null).func('void *dlopen(str path, int flags)')(path, flags) !== null
}
