import type { Socket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { errorCode } from '../../errors.js'
import type { LslConfig } from '../../lsl/builtin/config/lsl-config.js'
import { bindUdp } from '../../lsl/builtin/net/bind-in-range.js'
import { familyOf, isMulticast } from '../../lsl/builtin/net/interfaces.js'

/** One network address of this machine. */
export interface Address {
  readonly name: string
  readonly address: string
  readonly internal: boolean
}

/** The addresses that streams can be heard at, loopback last. */
export function addresses(interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces()): Address[] {
  const all = Object.entries(interfaces).flatMap(([name, list]) =>
    (list ?? []).map(({ address, internal }) => ({ name, address, internal })),
  )
  return [...all.filter(({ internal }) => !internal), ...all.filter(({ internal }) => internal)]
}

/** Why the system lets no query of LSL in or out, as the code of the error; undefined where it lets both. */
export async function multicastRefusal(config: LslConfig): Promise<string | undefined> {
  const group = config.addresses.find(address => familyOf(address) === 4 && isMulticast(address))
  if (group === undefined) return undefined
  let socket: Socket | undefined
  try {
    socket = await bindUdp(4, { port: config.multicastPort, shared: true })
    await sent(socket, config.multicastPort, group)
    return undefined
  } catch (error) {
    return errorCode(error)
  } finally {
    socket?.close()
  }
}

function sent(socket: Socket, port: number, group: string): Promise<void> {
  // The packet is no query, so nobody answers it.
  return new Promise((resolve, reject) => {
    socket.send('\r\n', port, group, error => (error === null ? resolve() : reject(error)))
  })
}
