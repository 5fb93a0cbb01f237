let offsetMs = performance.timeOrigin

/**
 * Unix time in seconds with sub-millisecond digits, as Python's time.time(). Follows the system's clock when that is set
 * or the machine was asleep, which performance.timeOrigin alone does not. Any thread; never blocks.
 */
export function unixTimeS(): number {
  const monotonicMs = performance.now()
  const coarseMs = Date.now()
  // Date.now() is cut to the millisecond, so an offset that is right lies within [0, 1) ms above it.
  const aheadMs = offsetMs + monotonicMs - coarseMs
  if (aheadMs < -1 || aheadMs > 2) offsetMs = coarseMs - monotonicMs
  return (offsetMs + monotonicMs) / 1000
}
