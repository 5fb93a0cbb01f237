import t from 'tap'
import { checkWaitMs } from '../src/wait-time.js'

t.test('what is no time is refused, and a time that has passed is none to wait', async t => {
  t.throws(() => checkWaitMs(NaN), {
    name: 'RangeError',
    message: 'timeoutMs must be milliseconds, or Infinity, got NaN',
  })
  t.throws(() => checkWaitMs('50' as never), { name: 'TypeError', message: /got "50"$/ })
  for (const ms of [-1, 0, 50, Infinity]) t.doesNotThrow(() => checkWaitMs(ms))
})

t.test('seconds among milliseconds are told once', async t => {
  const told: string[] = []
  const emitWarning = t.capture(process, 'emitWarning', (text: string | Error) => void told.push(String(text)))
  for (const ms of [0.123456789, 0.8890000000000328, 0, -0.05, 1, 1.5]) checkWaitMs(ms)
  t.equal(emitWarning().length, 0, 'what is left until a deadline is no mistake')
  checkWaitMs(0.57)
  checkWaitMs(0.05)
  checkWaitMs(0.3)
  t.same(told, ['a wait of 0.57 ms hardly waits. Waits take milliseconds: for 0.57 s say 570'])
})
