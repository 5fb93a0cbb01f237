import { networkInterfaces } from 'node:os'

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
