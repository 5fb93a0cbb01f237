import type { ResolveLimits } from '../../engine.js'
import type { StreamInfo } from '../../stream-info.js'
import type { LslConfig } from '../config/lsl-config.js'
import { Search } from './search.js'
import { sessionQuery } from './session-query.js'

/** A timer cannot run longer; what waits for ever waits in such steps. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The streams of this session that satisfy `predicate`, as soon as one of the limits is met. Rejects with ERR_INVALID_PREDICATE. */
export async function resolveStreams(
  config: LslConfig,
  predicate: string,
  { minimum, timeoutS, signal }: ResolveLimits,
): Promise<StreamInfo[]> {
  const query = sessionQuery(config.sessionId, predicate)
  return new Promise(resolve => {
    const finish = (): void => {
      clearInterval(timer)
      signal?.removeEventListener('abort', finish)
      search.close()
      resolve(search.streams)
    }
    const search = new Search(config, query, {
      everyS: config.multicastMinRttS,
      appeared: () => {
        if (minimum > 0 && search.size >= minimum) finish()
      },
    })
    // Keeps the process alive while it is awaited, which the sockets do not.
    const timer = setInterval(
      () => {
        if (timeoutS !== Infinity) finish()
      },
      Math.min(LONGEST_TIMER_MS, timeoutS * 1000),
    )
    signal?.addEventListener('abort', finish)
    if (signal?.aborted === true) finish()
  })
}
