import { errorCode } from '../../../errors.js'
import { platform } from '../../../system/platform.js'
import { isLoopback } from '../net/own-address.js'

/** What to do where macOS keeps a program from the local network. Terminal and ssh are exempt, other hosts of a program are not. */
export const LOCAL_NETWORK_ADVICE =
  'allow Local Network for the app this runs in: System Settings > Privacy & Security > Local Network'

let isTold = false

/**
 * The sends of one wave of queries. Where macOS refuses every one that leaves the machine, streams seem not to be there: that is
 * said once, as a process warning.
 */
export class WaveOutcome {
  #pending = 0
  #passed = 0
  #refused = 0

  /** Counts a send to `address`; answers what hears how it went. */
  sent(address: string): (error: Error | null) => void {
    if (isLoopback(address)) return () => undefined
    this.#pending++
    return error => {
      if (errorCode(error) === 'EHOSTUNREACH') this.#refused++
      else this.#passed++
      if (--this.#pending === 0) this.#tell()
    }
  }

  #tell(): void {
    if (isTold || this.#passed > 0 || this.#refused === 0 || platform() !== 'darwin') return
    isTold = true
    process.emitWarning(`macOS lets no query of LSL leave this machine: ${LOCAL_NETWORK_ADVICE}`, 'LslNetworkWarning')
  }
}
