import t from 'tap'
import { pause, until } from '../../src/system/until.js'

t.test('the first look is at once, and an end is final', async t => {
  t.equal(await until(() => true, { everyMs: 1e9, timeoutMs: 0 }), true)
  t.equal(await until(() => false, { everyMs: 1, timeoutMs: 5 }), false)
  let looks = 0
  t.equal(await until(() => ++looks === 3, { everyMs: 1 }), true)
})

t.test('an abort ends the wait between two looks', async t => {
  const abort = new AbortController()
  const waiting = until(() => false, { everyMs: Infinity, signal: abort.signal })
  abort.abort()
  t.equal(await waiting, false)
  await pause(Infinity, abort.signal)
})
