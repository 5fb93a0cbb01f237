import t from 'tap'
import { within } from '../../src/system/within.js'

const timers = (): number => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length

t.test('what resolves in time is the answer, and no timer is left', async t => {
  const before = timers()
  t.equal(await within(60_000, Promise.resolve(5)), 5)
  t.equal(timers(), before)
})

t.test('what does not is undefined at the time limit', async t => {
  const start = performance.now()
  t.equal(await within(50, new Promise(() => undefined)), undefined)
  t.ok(performance.now() - start >= 45)
})

t.test('what rejects, rejects, and no timer is left', async t => {
  const before = timers()
  await t.rejects(within(60_000, Promise.reject(new RangeError('no'))), RangeError)
  t.equal(timers(), before)
})
