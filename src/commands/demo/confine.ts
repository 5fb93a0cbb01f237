import { fileURLToPath } from 'node:url'

/** The package's own copy: discovery and data on the loopback address only. */
const LOOPBACK_CONFIG = new URL('../../../test/lsl_api.cfg', import.meta.url)

/**
 * Confines LSL in this process and its children to this machine. To be called before LSL is first used: newer liblsl reads
 * LSLAPICFG, older ones lsl_api.cfg in the working directory, so that becomes the folder of the file.
 */
export function confineToLoopback(): void {
  process.env['LSLAPICFG'] = fileURLToPath(LOOPBACK_CONFIG)
  process.chdir(fileURLToPath(new URL('.', LOOPBACK_CONFIG)))
}
