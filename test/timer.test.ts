import t from 'tap'
import { StopEvent } from '../src/stop-event.js'
import { TimeLimit } from '../src/system/time-limit.js'
import { within } from '../src/system/within.js'
import { startTimer } from '../src/timer.js'

/** Times that mean for ever. Node fires a timer of each after 1 ms. */
const FOREVER_MS = [Infinity, 2 ** 31, 32_000_000_000, Number.MAX_VALUE]

/** Several rounds of the event loop with a timer that must come after any that fired at once. */
async function aWhile(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise(resolve => setTimeout(resolve, 2))
}

t.test('a timer for ever does not fire, and can be ended', async t => {
  for (const ms of FOREVER_MS) {
    let fired = false
    const timer = startTimer(ms, () => (fired = true))
    await aWhile()
    clearTimeout(timer)
    t.notOk(fired, String(ms))
  }
  await new Promise<void>(resolve => startTimer(0, resolve))
})

t.test('every wait that has a time limit understands for ever', async t => {
  for (const ms of FOREVER_MS) {
    const stop = new StopEvent()
    const passed = { limit: false }
    const limit = new TimeLimit(ms, () => (passed.limit = true))
    limit.start()
    let end: (value: string) => void = () => undefined
    const waits = [stop.waitAsync(ms), within(ms, new Promise<string>(resolve => (end = resolve)))]
    let settled = 0
    for (const wait of waits) void wait.then(() => settled++)
    await aWhile()
    t.equal(settled, 0, String(ms))
    t.notOk(passed.limit)
    stop.set()
    end('end')
    t.same(await Promise.all(waits), [true, 'end'])
    limit.stop()
  }
})
