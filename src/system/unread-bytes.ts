import { readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import type { Socket } from 'node:net'
import { platform } from './platform.js'

/**
 * How many bytes lie at the other end of a connection and were not read there: they have left, and TCP tells no more. Undefined
 * where it cannot be seen: on another machine, and on systems that do not show it. Linux, IPv4.
 */
export function unreadBytes({ localAddress, localPort, remoteAddress, remotePort }: Socket): number | undefined {
  if (platform() !== 'linux') return undefined
  const [own, other] = [endpoint(localAddress, localPort), endpoint(remoteAddress, remotePort)]
  if (own === undefined || other === undefined) return undefined
  try {
    // The other end's line: its address, ours, its state, and the hexadecimal lengths of its two queues.
    const line = new RegExp(`: ${other} ${own} [\\dA-F]{2} [\\dA-F]{8}:([\\dA-F]{8}) `)
    const queued = line.exec(readFileSync('/proc/net/tcp', 'latin1'))?.[1]
    return queued === undefined ? undefined : Number.parseInt(queued, 16)
  } catch {
    return undefined
  }
}

/** As /proc/net/tcp writes it: the bytes of the address in this machine's order. */
function endpoint(address: string | undefined, port: number | undefined): string | undefined {
  const ip = address?.replace(/^::ffff:/, '')
  if (ip === undefined || port === undefined || !isIPv4(ip)) return undefined
  const word = new Uint32Array(Uint8Array.from(ip.split('.'), Number).buffer)[0] ?? 0
  const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0')
  return `${hex(word, 8)}:${hex(port, 4)}`
}
