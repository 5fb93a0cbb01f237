// How much slower than promised a step may be before it counts as broken: other work on the machine is not ours to judge,
// a wait without an end is. The promises themselves are measured by `npm run test:stress` and by `npm run bench`.
const SLACK = 20

/** Says what a step took beside what is promised; fails only where no busy machine explains it. */
export function inTime(
  t: { ok(value: boolean, message: string): boolean },
  what: string,
  tookMs: number,
  promisedMs: number,
): boolean {
  return t.ok(tookMs < SLACK * promisedMs, `${what}: ${tookMs.toFixed(1)} ms, promised ${promisedMs} ms`)
}
