import t from 'tap'
import { askForFineTimers } from '../../src/system/timer-resolution.js'

t.test('Windows is asked for fine timers, once in a thread and as fine as the configuration says', async t => {
  const asked: number[] = []
  const begin = (ms: number): unknown => asked.push(ms)
  for (const value of ['linux', 'darwin']) {
    t.intercept(process, 'platform', { value })
    askForFineTimers(1, begin)
  }
  t.intercept(process, 'platform', { value: 'win32' })
  askForFineTimers(0, begin)
  t.same(asked, [], 'not elsewhere, and not where the file says 0')
  askForFineTimers(2, begin)
  askForFineTimers(2, begin)
  t.same(asked, [2])
})
