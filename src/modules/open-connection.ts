import { setTimeout as delay } from 'node:timers/promises'
import { errorCode } from '../errors.js'
import { ModuleConnection } from './module-connection.js'

const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 2000

/**
 * Connects to a module, again and again with growing pauses, until `introduce` takes a connection for good. Resolves to undefined when
 * `signal` aborts.
 */
export async function openConnection(
  { host, port }: { readonly host: string; readonly port: number },
  signal: AbortSignal,
  introduce: (connection: ModuleConnection) => Promise<boolean>,
): Promise<ModuleConnection | undefined> {
  for (let pauseMs = FIRST_RETRY_MS; !signal.aborted; pauseMs = Math.min(2 * pauseMs, LONGEST_RETRY_MS)) {
    try {
      const connection = await ModuleConnection.open(host, port, signal)
      if (await introduce(connection)) return connection
    } catch (error) {
      // A connection that was refused, reset or aborted is tried again. An error without a code is a mistake of ours.
      if (errorCode(error) === undefined) throw error
    }
    await delay(pauseMs, undefined, { signal }).catch(() => undefined)
  }
  return undefined
}
