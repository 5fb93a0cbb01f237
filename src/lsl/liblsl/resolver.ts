import { setTimeout as delay } from 'node:timers/promises'
import { DareplaneError } from '../../errors.js'
import { localClock } from '../../clock.js'
import type { ResolveLimits } from '../engine.js'
import { Settling } from '../search/settling.js'
import type { Library } from './library.js'
import type { Handle } from './prototypes.js'
import { untilSafeEndS } from './search-times.js'
import type { SearchTimes } from './search-times.js'

/** Streams that one search can tell. */
const MOST_RESULTS = 1024
const FORGET_AFTER_S = 5
const LOOK_EVERY_MS = 5

/** A continuous resolver of liblsl: it works beside this thread until it is closed. */
export class Resolver {
  readonly #library: Library
  readonly #times: SearchTimes
  readonly #resolver: Handle
  readonly #startedAt = localClock()
  readonly #handles = new BigUint64Array(MOST_RESULTS)

  /** Throws ERR_INVALID_PREDICATE. */
  constructor(
    library: Library,
    predicate: string,
    { forgetAfterS, times }: { forgetAfterS: number; times: SearchTimes },
  ) {
    const resolver =
      predicate === ''
        ? library.fn('lsl_create_continuous_resolver')(forgetAfterS)
        : library.fn('lsl_create_continuous_resolver_bypred')(`(${predicate})`, forgetAfterS)
    if (resolver === null) throw new DareplaneError('ERR_INVALID_PREDICATE', `not an XPath predicate: ${predicate}`)
    this.#library = library
    this.#times = times
    this.#resolver = resolver
  }

  /** The streams that it knows now, each to be destroyed by the caller; valid until the next look. */
  look(): BigUint64Array {
    const count = this.#library.fn('lsl_resolver_results')(this.#resolver, this.#handles, MOST_RESULTS)
    return this.#handles.subarray(0, Math.max(count, 0))
  }

  /** Ends it, once, in a moment in which liblsl survives that. */
  async close(): Promise<void> {
    const waitS = untilSafeEndS(localClock() - this.#startedAt, this.#times)
    if (waitS > 0) await delay(waitS * 1000)
    this.#library.fn('lsl_destroy_continuous_resolver')(this.#resolver)
  }
}

/** Limits, and when liblsl asks. */
export interface HandleLimits extends ResolveLimits {
  readonly times: SearchTimes
}

/**
 * Asks the network for the streams that satisfy `predicate` until one of the limits is met, and calls `use` with their
 * handles, which are destroyed afterwards. liblsl's one-shot resolvers would block the thread; its continuous one works
 * beside it and is only looked at.
 */
export async function resolveHandles<T>(
  library: Library,
  predicate: string,
  { minimum, timeoutS, settle = false, times, signal }: HandleLimits,
  use: (handle: Handle) => T,
): Promise<T[]> {
  const resolver = new Resolver(library, predicate, { forgetAfterS: FORGET_AFTER_S, times })
  const destroy = library.fn('lsl_destroy_streaminfo')
  const settling = new Settling(localClock() + times.allAskedS)
  let end = localClock() + timeoutS
  let most = 0
  try {
    for (;;) {
      const handles = resolver.look()
      const count = handles.length
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
    await resolver.close()
  }
}
