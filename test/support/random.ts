import type { Test } from 'tap'

export type Random = () => number

/** Numbers from 0 to 1 that TEST_SEED repeats; the seed is printed. */
export function seededRandom(t: Test): Random {
  let state = Number(process.env['TEST_SEED'] ?? Date.now() % 2 ** 31)
  t.comment(`TEST_SEED=${state}`)
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
