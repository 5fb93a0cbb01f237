/** What a stream's stamps are instead of LSL clock seconds: Unix time, or something else, such as the time of a device. */
export const FOREIGN_CLOCKS = ['unix', 'other'] as const
export type ForeignClock = (typeof FOREIGN_CLOCKS)[number]

/** Older than liblsl keeps samples for a slow inlet (360 s): no delay explains such a stamp. */
const OLDEST_S = 400
const EARLIEST_S = -60
/** Unix time differs from ours by no more than a badly set clock. */
const DAY_S = 86_400

/**
 * What clock a sample comes from that arrived at `nowS` with this stamp, on this machine's LSL clock; undefined if it is that one.
 * `unixS`: Unix time, by default that of now, which is only asked for where it is needed.
 */
export function foreignClock(stampS: number, nowS: number, unixS?: number): ForeignClock | undefined {
  const ageS = nowS - stampS
  if (!(ageS > OLDEST_S || ageS < EARLIEST_S)) return undefined
  return Math.abs((unixS ?? Date.now() / 1000) - stampS) < DAY_S ? 'unix' : 'other'
}
