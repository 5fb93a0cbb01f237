import { setTimeout as delay } from 'node:timers/promises'
import { DareplaneError } from '../../errors.js'
import { localClock } from '../../clock.js'
import type { ResolveLimits } from '../engine.js'
import { Settling } from '../search/settling.js'
import type { Library } from './library.js'
import type { Handle } from './prototypes.js'

/** Streams that one search can tell. */
export const MOST_RESULTS = 1024
const FORGET_AFTER_S = 5
const LOOK_EVERY_MS = 5

/** A resolver that works beside this thread until it is destroyed. Throws ERR_INVALID_PREDICATE. */
export function createResolver(library: Library, predicate: string, forgetAfterS: number): Handle {
  const resolver =
    predicate === ''
      ? library.fn('lsl_create_continuous_resolver')(forgetAfterS)
      : library.fn('lsl_create_continuous_resolver_bypred')(`(${predicate})`, forgetAfterS)
  if (resolver === null) throw new DareplaneError('ERR_INVALID_PREDICATE', `not an XPath predicate: ${predicate}`)
  return resolver
}

/** Limits, and when liblsl will have asked the known peers too: it turns to them after the multicast groups. */
export interface HandleLimits extends ResolveLimits {
  readonly allAskedAfterS?: number
}

/**
 * Asks the network for the streams that satisfy `predicate` until one of the limits is met, and calls `use` with their
 * handles, which are destroyed afterwards. liblsl's one-shot resolvers would block the thread; its continuous one works
 * beside it and is only looked at.
 */
export async function resolveHandles<T>(
  library: Library,
  predicate: string,
  { minimum, timeoutS, settle = false, allAskedAfterS = 0, signal }: HandleLimits,
  use: (handle: Handle) => T,
): Promise<T[]> {
  const resolver = createResolver(library, predicate, FORGET_AFTER_S)
  const results = new BigUint64Array(MOST_RESULTS)
  const look = library.fn('lsl_resolver_results')
  const destroy = library.fn('lsl_destroy_streaminfo')
  const settling = new Settling(localClock() + allAskedAfterS)
  let end = localClock() + timeoutS
  let most = 0
  try {
    for (;;) {
      const count = look(resolver, results, MOST_RESULTS)
      const handles = results.subarray(0, Math.max(count, 0))
      const enough = minimum > 0 && count >= minimum
      if (count > most) settling.heard(localClock(), enough)
      most = Math.max(most, count)
      if (enough) end = settle ? settling.settledAt : 0
      if (localClock() >= end || signal?.aborted === true) {
        try {
          return Array.from(handles, use)
        } finally {
          handles.forEach(handle => destroy(handle))
        }
      }
      handles.forEach(handle => destroy(handle))
      await delay(Math.min(LOOK_EVERY_MS, Math.max(0, (end - localClock()) * 1000)))
    }
  } finally {
    library.fn('lsl_destroy_continuous_resolver')(resolver)
  }
}
