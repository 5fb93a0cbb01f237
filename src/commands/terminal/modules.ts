import { InvalidArgumentError } from 'commander'
import { addressOf } from '../../modules/module-client-options.js'
import { ModuleClient } from '../../modules/module-client.js'

/** Where a module listens. */
export interface ModuleAddress {
  readonly host: string
  readonly port: number
}

/** An argument of commander: HOST:PORT, or a port of this machine. */
export function moduleAddress(text: string): ModuleAddress {
  const address = addressOf(text)
  if (address === undefined) throw new InvalidArgumentError('It must be HOST:PORT, or a port of this machine.')
  return address
}

/** The same, for an argument that may be given several times. */
export function moduleAddresses(text: string, before: readonly ModuleAddress[] = []): readonly ModuleAddress[] {
  return [...before, moduleAddress(text)]
}

/** Runs `work` with a connected client and leaves the module alone afterwards. */
export async function withModule<T>(
  address: ModuleAddress,
  timeoutS: number,
  work: (client: ModuleClient) => Promise<T>,
): Promise<T> {
  await using client = new ModuleClient({ ...address, observer: true })
  await client.connect({ timeoutS })
  return await work(client)
}
