import { shown } from '../../check.js'
import type { LoadedConfig } from '../../lsl/builtin/config/load-config.js'
import { reservedPortAdvice } from '../../system/ports/reserved-port.js'
import type { Platform } from '../../system/platform.js'
import { LOCAL_NETWORK_ADVICE } from '../../lsl/builtin/discovery/local-network.js'
import type { Address } from './network.js'
import type { StreamClock } from './stream-clocks.js'

/** What the examination found. */
export interface Findings {
  /** major * 100 + minor of the C library in use; undefined without one. */
  readonly libraryVersion: number | undefined
  readonly addresses: readonly Address[]
  /** Why no query of LSL can go in or out, as the code of the error. */
  readonly multicastRefusal: string | undefined
  readonly platform: Platform
  readonly config: Pick<LoadedConfig, 'entries' | 'fault'>
  /** LSLAPICFG of the environment. */
  readonly namedConfig: string | undefined
  /** With an engine to run it on. */
  readonly selfTestFailed: boolean
  readonly streams: readonly StreamClock[]
}

/** Old libraries look for streams only every half second and lack half of the functions. */
const RECOMMENDED_VERSION = 116
/** The first library that reads LSLAPICFG. */
const READS_LSLAPICFG = 113

/** What to do, one line each; nothing where all is well. */
export function adviceFor(findings: Findings): string[] {
  const { libraryVersion, addresses, multicastRefusal, platform, config, namedConfig, selfTestFailed, streams } =
    findings
  const advice = config.fault === undefined ? [] : [config.fault]
  if (libraryVersion !== undefined && libraryVersion < RECOMMENDED_VERSION) {
    advice.push('the C library is old: streams are found late and losses are told late; use liblsl 1.16 or newer')
  }
  if (libraryVersion !== undefined && libraryVersion < READS_LSLAPICFG && namedConfig) {
    advice.push('this C library does not read LSLAPICFG; put lsl_api.cfg into the working directory')
  }
  if (addresses.every(({ internal }) => internal)) {
    advice.push('there is no network but the loopback: streams of other machines cannot be heard')
  }
  if (multicastRefusal === 'EHOSTUNREACH' && platform === 'darwin') {
    advice.push(`macOS lets nothing out to the local network: ${LOCAL_NETWORK_ADVICE}`)
  } else if (multicastRefusal !== undefined) {
    const reserved = reservedPortAdvice(multicastRefusal)
    advice.push(`outlets here are not found from other machines: multicast is refused (${multicastRefusal}${reserved})`)
  }
  if (config.entries.get('multicast.ResolveScope') === 'machine') {
    advice.push('the configuration confines LSL to this machine (multicast.ResolveScope = machine)')
  }
  const session = config.entries.get('lab.SessionID')
  if (session !== undefined) advice.push(`only streams of the session '${session}' are seen (lab.SessionID)`)
  for (const { name, foreign } of streams) {
    if (foreign === undefined) continue
    const clock = foreign === 'unix' ? 'Unix time' : 'of another clock'
    advice.push(
      `the stamps of ${shown(name)} are ${clock}, not LSL clock: they fit no other stream; its sender must stamp with LSL's local_clock`,
    )
  }
  if (selfTestFailed) {
    advice.push('let the firewall pass UDP 16571 and TCP and UDP 16572 to 16604, on the loopback too')
    if (platform === 'windows') {
      advice.push(
        'Windows asks once whether node.exe may be reached: allow it for private networks, and make this one private',
      )
    }
    advice.push('with no multicast on this machine, set [lab] KnownPeers = {127.0.0.1} in lsl_api.cfg')
  }
  return advice
}
