// How much slower than promised a step may be before it counts as broken: other work on the machine is not ours to judge,
// a wait without an end is. The promises themselves are measured by `npm run test:stress` and by `npm run bench`.
const SLACK = 20

/**
 * Says what a step took beside what is promised; fails only where no busy machine explains it.
 * @param {{ ok(value: boolean, message: string): boolean }} t
 * @param {string} what
 * @param {number} tookMs
 * @param {number} promisedMs
 */
export function inTime(t, what, tookMs, promisedMs) {
  return t.ok(tookMs < SLACK * promisedMs, `${what}: ${tookMs.toFixed(1)} ms, promised ${promisedMs} ms`)
}
