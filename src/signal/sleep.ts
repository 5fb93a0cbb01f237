import { amount, mustBe } from '../check.js'
import { localClock } from '../clock.js'

/** The thread sleeps until so long before the time and then looks at the clock: it is woken up to that much too late. */
const SPIN_S = 0.0002

const never = new Int32Array(new SharedArrayBuffer(4))

const stamp = mustBe(
  'LSL clock seconds',
  (value): value is number => typeof value === 'number',
  value => !Number.isNaN(value),
)

/** Blocks this thread for `seconds`, to some microseconds. For workers: on the main thread it holds up everything else. */
export function sleepS(seconds: number): void {
  amount('seconds', { from: 0, forever: true })('seconds', seconds)
  sleepUntil(localClock() + seconds)
}

/** Blocks this thread until the LSL clock shows `localClockS`; not at all if it is past. For workers. */
export function sleepUntil(localClockS: number): void {
  stamp('localClockS', localClockS)
  const endMs = performance.now() + (localClockS - localClock()) * 1000
  const sleepMs = endMs - performance.now() - SPIN_S * 1000
  if (sleepMs > 0) Atomics.wait(never, 0, 0, sleepMs)
  while (performance.now() < endMs);
}
