// Confines LSL to this machine and names the library: imported first by every test that touches LSL.
// Old libraries read lsl_api.cfg in the working directory, newer ones LSLAPICFG: loopback/lsl_api.cfg.
import { join } from 'node:path'
import { libraryFor, thisMachine } from './lsl/libraries.js'
import { loopbackFolder } from './project.js'

process.chdir(loopbackFolder)
process.env['LSLAPICFG'] = join(loopbackFolder, 'lsl_api.cfg')
// Set and empty it stands for a machine where no liblsl loads, on any machine.
process.env['LSL_LIB'] ??= libraryFor(thisMachine()) ?? ''
if (process.env['LSL_LIB'] === '') process.env['DAREPLANE_ENGINE'] ||= 'builtin'

/** A stream name that no other test on this machine uses. */
export function uniqueName(name: string): string {
  return `${name}-${process.pid}-${process.hrtime.bigint().toString(36)}`
}
