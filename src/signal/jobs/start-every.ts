import { seconds as secondsOf } from '../../check.js'
import { startTimer } from '../../timer.js'

/** Calls `act` at whole multiples of `seconds` from now on, and `failed` with what it throws, once. Answers how to end it. */
export function startEvery(seconds: number, act: () => void, failed: (error: unknown) => void): () => void {
  secondsOf({ above: 0 })('seconds', seconds)
  const startMs = performance.now()
  const periodMs = seconds * 1000
  let turn = 0
  let isOver = false
  let timer: NodeJS.Timeout | undefined
  const arm = (): void => {
    // The next multiple that is still to come: what was missed is not made up for.
    // A timer may fire a little early: the multiple that it was for is over all the same.
    turn = Math.max(turn, Math.floor((performance.now() - startMs) / periodMs)) + 1
    timer = startTimer(startMs + turn * periodMs - performance.now(), () => {
      try {
        act()
        // It may have been ended by what it does.
        if (!isOver) arm()
      } catch (error) {
        failed(error)
      }
    })
  }
  arm()
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}
