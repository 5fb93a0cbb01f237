import t from 'tap'
import { notch } from '../../../src/signal/filters/notch.js'
import { response, scipy, worstRelative } from '../../support/scipy-figures.js'

t.test('a notch is that of scipy.signal.iirnotch', async t => {
  for (const { rate, hz, q, section } of scipy.notches) {
    const [ours] = notch({ hz, q, sampleRateHz: rate })
    t.ok(worstRelative(ours!, section) < 1e-15)
  }
})

t.test('the frequency is gone, an offset stays', async t => {
  const sections = notch({ hz: 50, sampleRateHz: 250 })
  t.ok(Math.hypot(...response(sections, 50, 250)) < 1e-12)
  t.ok(Math.abs(response(sections, 0, 250)[0] - 1) < 1e-12)
})

t.test('a frequency beyond half of the rate and a rate of 0 are refused', async t => {
  t.throws(() => notch({ hz: 60, sampleRateHz: 100 }), { name: 'RangeError', message: /hz must be below 50 Hz/ })
  t.throws(() => notch({ hz: 60, sampleRateHz: 0 }), { name: 'RangeError', message: /irregular stream/ })
  t.throws(() => notch({ hz: 60, q: 0, sampleRateHz: 250 }), { name: 'RangeError', message: /q must be/ })
})
