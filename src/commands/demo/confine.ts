import { dirname } from 'node:path'
import { packageFile } from '../../system/package-file.js'

/** The package's own copy: discovery and data on the loopback address only. */
const LOOPBACK_CONFIG = packageFile('loopback/lsl_api.cfg')

/**
 * Confines LSL in this process and its children to this machine. To be called before LSL is first used: newer liblsl reads
 * LSLAPICFG, older ones lsl_api.cfg in the working directory, so that becomes the folder of the file.
 */
export function confineToLoopback(): void {
  process.env['LSLAPICFG'] = LOOPBACK_CONFIG
  process.chdir(dirname(LOOPBACK_CONFIG))
}
