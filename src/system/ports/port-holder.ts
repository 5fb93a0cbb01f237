import { platform } from '../platform.js'
import { listeners } from './netstat.js'
import { holderInProc } from './proc-net.js'

/** Who listens on a port, as far as the platform tells. */
export interface PortHolders {
  /** The process, for people; undefined where it cannot be told. */
  readonly holder: (port: number) => Promise<string | undefined>
  /**
   * The process that a listener on `host` would share its clients with, as the system lets both listen; undefined where there
   * is none. Not there where the system refuses by itself.
   */
  readonly shadowed?: (host: string, port: number) => Promise<string | undefined>
}

const ANOTHER = 'another process'

/** Linux refuses a port that somebody has on any address that overlaps. */
const linux: PortHolders = { holder: port => Promise.resolve(holderInProc(port)) }

/** Windows and macOS give 127.0.0.1 to one process and all addresses to another, on the same port. */
const netstat: PortHolders = {
  holder: port => found(({ port: theirs }) => theirs === port),
  shadowed: (host, port) => {
    const isEvery = host === '0.0.0.0' || host === '::'
    return found(their => their.port === port && (isEvery || their.address === '' || their.address === host))
  },
}

const untold: PortHolders = { holder: () => Promise.resolve(undefined) }

/** Those of this platform. */
export function portHolders(): PortHolders {
  switch (platform()) {
    case 'linux':
      return linux
    case 'unix':
      return untold
    default:
      return netstat
  }
}

async function found(isIt: (listener: { address: string; port: number }) => boolean): Promise<string | undefined> {
  const theirs = (await listeners()).find(isIt)
  if (theirs === undefined) return undefined
  return theirs.pid === undefined ? ANOTHER : `process ${theirs.pid}`
}
