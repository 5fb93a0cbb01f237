import t from 'tap'
import { foreignClock } from '../../../src/workers/watcher/foreign-clock.js'

t.test('stamps of the LSL clock, late or a little ahead, are no foreign clock', async t => {
  for (const ageS of [0, 0.01, 359, -1]) t.equal(foreignClock(5000 - ageS, 5000, 1.8e9), undefined)
  t.equal(foreignClock(NaN, 5000, 1.8e9), undefined, 'not known yet')
})

t.test('Unix time is told from any other clock', async t => {
  t.equal(foreignClock(1.8e9 - 3600, 5000, 1.8e9), 'unix')
  t.equal(foreignClock(12, 5000, 1.8e9), 'other')
  t.equal(foreignClock(1.8e12, 5000, 1.8e9), 'other', 'milliseconds')
})
