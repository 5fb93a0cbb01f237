import t from 'tap'
import { platform } from '../../src/system/platform.js'
import { unixTimeS } from '../../src/logging/wall-clock.js'

/** How far apart two looks may be, in ms: Windows sets its clock right in steps. */
const APART_MS = platform() === 'windows' ? 20 : 3

t.test('the time is that of the system, with digits below the millisecond', t => {
  for (let round = 0; round < 1000; round++) {
    const before = Date.now()
    const time = unixTimeS() * 1000
    t.equal(time >= before - APART_MS && time <= Date.now() + APART_MS, true)
  }
  t.ok(new Set(Array.from({ length: 100 }, () => (unixTimeS() * 1e3) % 1)).size > 10)
  t.end()
})

t.test('a step of the system clock is followed within a millisecond', t => {
  const { now } = Date
  const aMillisecondOn = (): void => {
    const start = performance.now()
    while (performance.now() < start + 1.1);
  }
  t.teardown(() => (Date.now = now))
  for (const stepMs of [3_600_000, -3_600_000]) {
    Date.now = () => now() + stepMs
    aMillisecondOn()
    t.ok(Math.abs(unixTimeS() * 1000 - Date.now()) < APART_MS)
  }
  Date.now = now
  aMillisecondOn()
  t.ok(Math.abs(unixTimeS() * 1000 - now()) < APART_MS)
  t.end()
})
