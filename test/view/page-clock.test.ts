import t from 'tap'
import { PageClock } from '../../src/browser/clock.js'

/** A clock, and a server whose LSL clock is `offsetS` ahead, that answers each probe after `wayMs` there and back. */
function stage() {
  let ms = 1000
  const clock = new PageClock(() => ms)
  const connect = (offsetS: number, wayMs: number, probes: number): void => {
    clock.start(() => undefined)
    for (let i = 0; i < probes; i++) {
      const sent = ms
      ms += 2 * wayMs
      clock.answered(sent, (sent + wayMs) / 1000 + offsetS)
    }
    clock.stop()
  }
  return { clock, connect, seconds: () => ms / 1000 }
}

t.test('the clock of another machine behind the same address counts from its first answer on', async t => {
  const { clock, connect, seconds } = stage()
  connect(500, 1, 8)
  t.ok(Math.abs(clock.localClock() - seconds() - 500) < 1e-9)
  connect(20, 5, 1)
  t.ok(Math.abs(clock.localClock() - seconds() - 20) < 1e-9, 'the waves of before are of another clock')
})

t.test('after a lost connection to the same machine the good waves still count', async t => {
  const { clock, connect } = stage()
  connect(500, 1, 8)
  connect(500.02, 50, 1)
  t.equal(clock.uncertaintyS, 0.001)
})
