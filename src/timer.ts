/** The longest time that a timer of Node can be set to. A longer one fires at once. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Calls `passed` once, after `ms`. Infinity, and every time of 2^31 ms (24 days) and more, means for ever: then the timer only
 * keeps the event loop alive, as every timer does until it is unref'd. `clearTimeout` ends it.
 */
export function startTimer(ms: number, passed: () => void): NodeJS.Timeout {
  return ms > LONGEST_MS ? setInterval(() => undefined, LONGEST_MS) : setTimeout(passed, ms)
}
