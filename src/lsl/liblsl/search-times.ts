/** When liblsl asks in a search that goes on, in seconds after its begin, as lsl_api.cfg has it. */
export interface SearchTimes {
  /** When everybody has been asked: known peers come after the multicast groups. */
  readonly allAskedS: number
  /** How often everybody is asked again. */
  readonly everyS: number
  /** When liblsl gives up each of the first questions; it gives up the later ones every `everyS` from then on. */
  readonly givesUpS: readonly number[]
}

/** Between these two seconds, around the moment in which liblsl gives up a question, no search is ended: the machine may be busy. */
const BEFORE_S = 0.02
const AFTER_S = 0.05

/**
 * Seconds until a search of this age can be ended, 0 for now. liblsl aborts the process when a search is destroyed in the moment in
 * which it gives up a question: one thread frees what the other still uses (seen with 1.10; 1.17 has the same lines). Time limits
 * of searches are often the same round numbers.
 */
export function untilSafeEndS(ageS: number, { everyS, givesUpS }: SearchTimes): number {
  let at = ageS
  // One wait can lead to the next; where the moments leave no gap, there is nothing to wait for.
  for (let round = 0; round < givesUpS.length; round++) for (const first of givesUpS) at = safeAfter(at, first, everyS)
  return at - ageS
}

/** `at`, or the end of the unsafe time around one of the moments `first`, `first + everyS`, ... */
function safeAfter(at: number, first: number, everyS: number): number {
  const moment = first + Math.max(0, Math.floor((at + BEFORE_S - first) / everyS)) * everyS
  return at > moment - BEFORE_S && at < moment + AFTER_S ? moment + AFTER_S : at
}
