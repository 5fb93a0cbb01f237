import { networkInterfaces } from 'node:os'
import { platform } from '../../../system/platform.js'
import type { LslConfig } from '../config/lsl-config.js'
import type { Family } from './bind-in-range.js'

/** One address of a network interface that multicast may go through. */
export interface Interface {
  /** As setMulticastInterface and addMembership want it. */
  readonly address: string
}

/** The interfaces that are up now and not the loopback, one entry per address; those of `config` only, if it names any. */
export function multicastInterfaces(family: Family, config: Pick<LslConfig, 'interfaces'>): Interface[] {
  const found: string[] = []
  for (const [name, addresses = []] of Object.entries(networkInterfaces())) {
    for (const { address, family: word, internal, scopeid } of addresses) {
      const wanted = config.interfaces.length === 0 ? !internal : config.interfaces.includes(address)
      if (!wanted || word !== `IPv${family}`) continue
      if (family === 4) found.push(address)
      // Only a scope tells interfaces of version 6 apart.
      else if (scopeid !== undefined && scopeid > 0) found.push(`::%${platform() === 'windows' ? scopeid : name}`)
    }
  }
  return [...new Set(found)].map(address => ({ address }))
}

/** Whether packets to `address` reach many hosts through a group. */
export function isMulticast(address: string): boolean {
  if (address.includes(':')) return /^ff/i.test(address)
  const first = Number.parseInt(address, 10)
  return first >= 224 && first < 240
}

export function familyOf(address: string): Family {
  return address.includes(':') ? 6 : 4
}
