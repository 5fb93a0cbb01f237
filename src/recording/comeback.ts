import { localClock } from '../clock.js'
import { until } from '../system/until.js'
import type { RecordedStream } from './recorded-stream.js'

/** So long the watcher of a closed outlet takes at most to notice it ... */
const NOTICED_S = 3
/** ... and that of an outlet which was cut off, and is silent. */
const CUT_OFF_S = 15

/**
 * Whether an outlet is one of `alike` after a restart, which its watcher goes on with by itself: that is known as soon as it
 * has come back. If none of them is away, the outlet stands beside them, and is another stream of the same name.
 */
export async function isComeback(uid: string, alike: readonly RecordedStream[], signal: AbortSignal): Promise<boolean> {
  const seenS = localClock()
  let claimed = false
  await until(
    () => {
      claimed = signal.aborted || alike.some(stream => stream.claims(uid))
      const isAway = alike.some(({ state }) => state === 'lost')
      const limitS = alike.some(({ state }) => state === 'stalled') ? CUT_OFF_S : NOTICED_S
      return claimed || (!isAway && localClock() > seenS + limitS)
    },
    { everyMs: 50 },
  )
  return claimed
}
