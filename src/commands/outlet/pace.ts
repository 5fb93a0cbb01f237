import { setImmediate, setTimeout } from 'node:timers/promises'
import { localClock } from '../../clock.js'

/** The event loop gets its turn at least this often while the work is behind its schedule. */
const TURN_S = 0.01

/**
 * Calls `act` whenever something is due: `nextDueS` tells when that is, in seconds from `startS` on the LSL clock, or
 * undefined when nothing is left. The schedule is absolute, so being late once does not move what follows. Resolves when
 * nothing is left or `signal` has aborted. `act` gets the seconds since the start, and has to move `nextDueS` on.
 */
export async function pace(options: {
  readonly nextDueS: () => number | undefined
  readonly act: (nowS: number) => void
  readonly startS?: number
  readonly signal?: AbortSignal
}): Promise<void> {
  const { nextDueS, act, startS = localClock(), signal } = options
  let turnS = localClock()
  for (let dueS = nextDueS(); dueS !== undefined && !signal?.aborted; dueS = nextDueS()) {
    const nowS = localClock()
    const waitS = startS + dueS - nowS
    if (waitS > 0) {
      // Whole milliseconds and never early is what a timer promises; what remains is slept in a second, shorter step.
      const sleep = setTimeout(Math.min(Math.max(1, Math.floor(waitS * 1000)), 2 ** 31 - 1), undefined, { signal })
      await sleep.catch(() => undefined)
      turnS = localClock()
    } else {
      act(nowS - startS)
      if (nowS - turnS > TURN_S) {
        await setImmediate()
        turnS = localClock()
      }
    }
  }
}
