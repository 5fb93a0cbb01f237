// Confines LSL to this machine and names the library: imported first by every test that touches LSL.
// Old libraries read lsl_api.cfg in the working directory, newer ones LSLAPICFG; both are this folder's parent.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export const testFolder = join(import.meta.dirname, '..')
process.chdir(testFolder)
process.env['LSLAPICFG'] = join(testFolder, 'lsl_api.cfg')
process.env['LSL_LIB'] ??= join(
  dirname(createRequire(import.meta.url).resolve('node-lsl/package.json')),
  'prebuilt',
  'liblsl64.so',
)

/** A stream name that no other test on this machine uses. */
export function uniqueName(name: string): string {
  return `${name}-${process.pid}-${process.hrtime.bigint().toString(36)}`
}
