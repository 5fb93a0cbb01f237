import { localClock } from '../../../clock.js'
import { sharedWords } from '../../../system/shared-words.js'

/** Milliseconds of XPath that strangers may cost this process in each second, however many outlets and threads it has. */
const BUDGET_MS = 150

/*
 *  word   0          1
 *       +----------+--------------------------------------------+
 *       | second   | microseconds that are spent or taken in it  |
 *       +----------+--------------------------------------------+
 */
const SECOND = 0
const SPENT = 1

const words = sharedWords('xpath-budget', 2)

/**
 * Runs `evaluate`, which answers and says how many milliseconds it took, `mostMs` at most; undefined, without running it, when this
 * second's time is spent. Any thread.
 */
export function withinBudget<T>(mostMs: number, evaluate: () => { answer: T; tookMs: number }): T | undefined {
  const second = Math.floor(localClock()) | 0
  if (Atomics.exchange(words, SECOND, second) !== second) Atomics.store(words, SPENT, 0)
  // All that it may take is taken beforehand: other threads look at the same time.
  const most = mostMs * 1000
  if (Atomics.add(words, SPENT, most) + most > BUDGET_MS * 1000) {
    Atomics.sub(words, SPENT, most)
    return undefined
  }
  const { answer, tookMs } = evaluate()
  const isSameSecond = Atomics.load(words, SECOND) === second
  Atomics.add(words, SPENT, Math.round(tookMs * 1000) - (isSameSecond ? most : 0))
  return answer
}
