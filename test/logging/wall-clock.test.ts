import t from 'tap'
import { unixTimeS } from '../../src/logging/wall-clock.js'

t.test('the time is that of the system, with digits below the millisecond', t => {
  for (let round = 0; round < 1000; round++) {
    const before = Date.now()
    const time = unixTimeS() * 1000
    t.equal(time >= before - 3 && time <= Date.now() + 3, true)
  }
  t.ok(new Set(Array.from({ length: 100 }, () => (unixTimeS() * 1e3) % 1)).size > 10)
  t.end()
})

t.test('a step of the system clock is followed', t => {
  const { now } = Date
  t.teardown(() => (Date.now = now))
  for (const stepMs of [3_600_000, -3_600_000]) {
    Date.now = () => now() + stepMs
    t.ok(Math.abs(unixTimeS() * 1000 - Date.now()) < 3)
  }
  Date.now = now
  t.ok(Math.abs(unixTimeS() * 1000 - now()) < 3)
  t.end()
})
