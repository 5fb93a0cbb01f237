import type { LslConfig } from '../config/lsl-config.js'
import type { Family } from './bind-in-range.js'
import { familyOf } from './interfaces.js'

/** Where this host reaches itself. */
export const LOOPBACK = { 4: '127.0.0.1', 6: '::1' } as const
const ANY = { 4: '0.0.0.0', 6: '::' } as const

type Reach = Pick<LslConfig, 'addresses' | 'knownPeers' | 'listenAddress'>

/** Whether what is sent there stays on this machine. */
export function isLoopback(host: string): boolean {
  return /^127\.\d+\.\d+\.\d+$/.test(host) || host === '::1' || host.toLowerCase() === 'localhost'
}

/** Whether the configuration keeps LSL on this computer: it asks nobody else, by scope or by name. */
function isConfined({ addresses, knownPeers }: Pick<Reach, 'addresses' | 'knownPeers'>): boolean {
  return [...addresses, ...knownPeers].every(isLoopback)
}

/** The address that searches are sent from and answers are heard at: only by this computer, if the configuration says so. */
export function askingAddress(family: Family, config: Reach): string {
  return isConfined(config) ? LOOPBACK[family] : ANY[family]
}

/** The address that an outlet serves at; undefined where the configuration names one of the other IP version. */
export function servingAddress(family: Family, config: Reach): string | undefined {
  const { listenAddress } = config
  if (listenAddress === '') return askingAddress(family, config)
  return familyOf(listenAddress) === family ? listenAddress : undefined
}
