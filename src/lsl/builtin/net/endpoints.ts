import type { StreamInfo } from '../../stream-info.js'

export interface Endpoint {
  readonly address: string
  readonly dataPort: number
  readonly servicePort: number
}

/** Where an outlet listens, IPv4 before IPv6 as with liblsl; empty for what did not come from a resolve. */
export function endpointsOf({ fields }: StreamInfo): Endpoint[] {
  const v4 = { address: fields.v4address, dataPort: fields.v4dataPort, servicePort: fields.v4servicePort }
  const v6 = { address: fields.v6address, dataPort: fields.v6dataPort, servicePort: fields.v6servicePort }
  return [v4, v6].filter(({ address, dataPort }) => address !== '' && dataPort > 0)
}
