import t, { type Test } from 'tap'
import { Settling } from '../../../src/lsl/search/settling.js'

const near = (t: Test, found: number, wanted: number, what: string): void => {
  t.ok(Math.abs(found - wanted) < 1e-9, `${what}: ${found}, not ${wanted}`)
}

t.test('others are waited for four times as long as the slowest answer took', async t => {
  const settling = new Settling(100)
  t.equal(settling.settledAt, Infinity, 'nobody has answered')
  settling.heard(100.01, false)
  t.equal(settling.settledAt, Infinity, 'not enough have answered')
  settling.heard(100.03, true)
  near(t, settling.settledAt, 100.03 + 4 * 0.03, 'since there are enough')
  settling.heard(100.05, true)
  near(t, settling.settledAt, 100.03 + 4 * 0.05, 'a slower one shows that answers take longer here')
  settling.heard(110, true)
  near(t, settling.settledAt, 101.03, 'but there is an end')
})

t.test('20 ms are waited where answers come at once', async t => {
  const settling = new Settling(100)
  settling.heard(100.0001, true)
  near(t, settling.settledAt, 100.0201, 'twenty milliseconds')
})

t.test('an answer is taken to be to the last question, and nobody is waited for before all were asked', async t => {
  const again = new Settling(100)
  again.asked(100.5)
  again.heard(100.51, true)
  near(t, again.settledAt, 100.51 + 0.04, 'of the second question')
  const late = new Settling(100.05)
  late.heard(100.001, true)
  near(t, late.settledAt, 100.07, 'some were asked at 100.05')
})
