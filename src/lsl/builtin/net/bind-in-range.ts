import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import type { LslConfig } from '../config/lsl-config.js'
import { closeAtExit } from './close-at-exit.js'

/** IP version of a socket: sockets of version 6 take version 6 only, as with liblsl. */
export type Family = 4 | 6

export function familiesOf({ ipv4, ipv6 }: Pick<LslConfig, 'ipv4' | 'ipv6'>): Family[] {
  return [...(ipv4 ? [4 as const] : []), ...(ipv6 ? [6 as const] : [])]
}

type Ports = Pick<LslConfig, 'basePort' | 'portRange' | 'allowRandomPorts'>

/** Ports to try: the range, from its start or its end, then whatever the system gives. */
function portsOf({ basePort, portRange, allowRandomPorts }: Ports, fromEnd: boolean): number[] {
  const range = Array.from({ length: portRange }, (_, index) => basePort + index).filter(port => port <= 65535)
  if (fromEnd) range.reverse()
  return allowRandomPorts ? [...range, 0] : range
}

async function firstThatBinds(ports: readonly number[], bind: (port: number) => Promise<void>): Promise<void> {
  for (const [index, port] of ports.entries()) {
    try {
      await bind(port)
      return
    } catch (error) {
      // Taken or forbidden: the next one may be free.
      if (index === ports.length - 1) throw error
    }
  }
}

/** A TCP server that listens on `host` at a free port of the range. Does not keep the process alive. Rejects when none is free. */
export async function listenInRange(family: Family, config: Ports, host: string): Promise<Server> {
  const server = createServer({ noDelay: true })
  await firstThatBinds(
    portsOf(config, false),
    port =>
      new Promise<void>((resolve, reject) => {
        const settle = (error?: Error): void => {
          server.removeAllListeners()
          if (error === undefined) resolve()
          else reject(error)
        }
        server.once('error', settle)
        server.once('listening', settle)
        server.listen({ port, host, ipv6Only: family === 6, exclusive: true, backlog: 128 })
      }),
  )
  server.unref()
  return server
}

/** A UDP socket bound to `address` at a free port of the range. Does not keep the process alive. Rejects when none is free. */
export async function bindInRange(family: Family, config: Ports, address: string, fromEnd = false): Promise<Socket> {
  let bound: Socket | undefined
  await firstThatBinds(portsOf(config, fromEnd), async port => {
    bound = await bindUdp(family, { port, address })
  })
  if (bound === undefined) throw new RangeError('ports.PortRange holds no port')
  return bound
}

/** A UDP socket bound to one port. Does not keep the process alive. */
export function bindUdp(
  family: Family,
  options: { readonly port: number; readonly address?: string; readonly shared?: boolean },
): Promise<Socket> {
  const { port, address, shared = false } = options
  const socket = createSocket({ type: family === 4 ? 'udp4' : 'udp6', ipv6Only: family === 6, reuseAddr: shared })
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      socket.close()
      reject(error)
    }
    socket.once('error', refuse)
    socket.bind({ port, exclusive: true, ...(address === undefined ? {} : { address }) }, () => {
      socket.off('error', refuse)
      // Errors of single packets (an interface went, a peer's port is closed) concern that packet only.
      socket.on('error', () => undefined)
      socket.unref()
      closeAtExit(socket)
      resolve(socket)
    })
  })
}
