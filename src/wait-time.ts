import { mustBe } from './check.js'

const time = mustBe(
  'milliseconds, or Infinity',
  (value): value is number => typeof value === 'number',
  value => !Number.isNaN(value),
)

let isTold = false

/**
 * For every wait that takes milliseconds. It says once when seconds were surely meant, as Python's waits take them: a loop around
 * such a wait never sleeps. What is left until a deadline may be a part of a millisecond, but hardly the very
 * number that somebody writes: a loop at 1 kHz waits 0.8890000000000328 ms, and not 0.889.
 */
export function checkWaitMs(ms: number): void {
  time('timeoutMs', ms)
  if (isTold || !(ms > 0 && ms < 1) || Math.round(ms * 1000) / 1000 !== ms) return
  isTold = true
  const text = `a wait of ${ms} ms hardly waits. Waits take milliseconds: for ${ms} s say ${Math.round(ms * 1000)}`
  process.emitWarning(text, 'DareplaneWarning')
}
