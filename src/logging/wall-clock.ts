let offsetMs = performance.timeOrigin
let checkedMs = -Infinity

/**
 * Unix time in seconds with sub-millisecond digits, as Python's time.time(). Follows the system's clock when that is set
 * or the machine was asleep, which performance.timeOrigin alone does not, within a millisecond. Any thread; never blocks.
 */
export function unixTimeS(): number {
  const monotonicMs = performance.now()
  if (monotonicMs - checkedMs >= 1) check(monotonicMs)
  return (offsetMs + monotonicMs) / 1000
}

function check(monotonicMs: number): void {
  checkedMs = monotonicMs
  const coarseMs = Date.now()
  // Date.now() is cut to the millisecond, so an offset that is right lies within [0, 1) ms above it.
  const aheadMs = offsetMs + monotonicMs - coarseMs
  if (aheadMs < -1 || aheadMs > 2) offsetMs = coarseMs - monotonicMs
}
