import { localClock } from '../../../clock.js'
import type { ResolveLimits } from '../../engine.js'
import { Settling } from '../../search/settling.js'
import type { StreamInfo } from '../../stream-info.js'
import type { LslConfig } from '../config/lsl-config.js'
import { Search } from './stream-search.js'
import { sessionQuery } from './session-query.js'

/** A timer cannot run longer; what waits for ever waits in such steps. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The streams of this session that satisfy `predicate`, as soon as one of the limits is met. Rejects with ERR_INVALID_PREDICATE. */
export async function resolveStreams(
  config: LslConfig,
  predicate: string,
  { minimum, timeoutS, settle = false, signal }: ResolveLimits,
): Promise<StreamInfo[]> {
  const query = sessionQuery(config.sessionId, predicate)
  return new Promise(resolve => {
    const finish = (): void => {
      clearInterval(timer)
      clearTimeout(settled)
      signal?.removeEventListener('abort', finish)
      search.close()
      resolve(search.streams)
    }
    const settling = new Settling(localClock())
    let settled: NodeJS.Timeout | undefined
    const search = new Search(config, query, {
      everyS: config.multicastMinRttS,
      asked: () => settling.asked(localClock()),
      appeared: () => {
        const enough = minimum > 0 && search.size >= minimum
        settling.heard(localClock(), enough)
        if (!enough) return
        if (!settle) {
          finish()
          return
        }
        clearInterval(timer)
        clearTimeout(settled)
        settled = setTimeout(finish, (settling.settledAt - localClock()) * 1000)
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
