import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A TCP port of this host where nobody listens, for a program that must be told one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A UDP socket on `port`, where 0 is any that is free, or undefined when somebody has it. */
export function boundSocket(port: number, address?: string): Promise<Socket | undefined> {
  const socket = createSocket('udp4')
  return new Promise(resolve => {
    socket.once('error', () => {
      socket.close()
      resolve(undefined)
    })
    socket.bind(port, address, () => resolve(socket))
  })
}

/** The first of `count` UDP ports side by side that are free. */
export async function freeUdpPorts(count: number): Promise<number> {
  for (;;) {
    const sockets = [await boundSocket(0)]
    const first = sockets[0]!.address().port
    while (sockets.length < count && sockets.at(-1)) sockets.push(await boundSocket(first + sockets.length))
    const isFree = sockets.every(socket => socket !== undefined)
    for (const socket of sockets) if (socket) await once(socket.close(), 'close')
    if (isFree) return first
  }
}
