import t from 'tap'
import { butterworth } from '../../../src/signal/filters/butterworth.js'
import type { ButterworthOptions } from '../../../src/signal/filters/butterworth.js'
import { isStable } from '../../../src/signal/filters/section.js'
import { response, scipy } from '../../support/scipy-figures.js'

const optionsOf = ({ order, rate, kind, edges }: (typeof scipy.designs)[0]): ButterworthOptions =>
  kind === 'band'
    ? { order, sampleRateHz: rate, band: edges as [number, number] }
    : { order, sampleRateHz: rate, [`${kind}Hz`]: edges }

t.test('orders 1 to 12 have the transfer function of scipy.signal.butter, down to 0.1 Hz at 30 kHz', async t => {
  t.equal(scipy.designs.length, 12 * 11)
  for (const design of scipy.designs) {
    const sections = butterworth(optionsOf(design))
    t.ok(sections.every(isStable))
    design.hz.forEach((hz, i) => {
      const [re, im] = response(sections, hz, design.rate)
      const [wantedRe, wantedIm] = design.response[i]!
      const apart = Math.hypot(re - wantedRe, im - wantedIm)
      if (!(apart < 1e-10)) t.fail(`${JSON.stringify(optionsOf(design))} differs by ${apart} at ${hz} Hz`)
    })
  }
})

t.test('each section of a band-pass removes an offset', async t => {
  for (const [b0, b1, b2] of butterworth({ order: 5, band: [8, 12], sampleRateHz: 250 })) t.equal(b0 + b1 + b2, 0)
})

t.test('what cannot be is one clear error', async t => {
  const valid = { order: 4, sampleRateHz: 250, band: [8, 12] as const }
  const bad = (options: object, error: { name: string; message: string | RegExp }): void => {
    t.throws(() => butterworth({ ...valid, ...options }), error)
  }
  bad({ order: 0 }, new RangeError('order must be a whole number from 1 to 12, got 0'))
  bad({ order: '4' }, new TypeError('order must be a whole number from 1 to 12, got "4"'))
  bad(
    { sampleRateHz: 0 },
    { name: 'RangeError', message: /sampleRateHz must be Hz above 0, got 0: an irregular stream/ },
  )
  bad({ sampleRateHz: NaN }, { name: 'RangeError', message: /sampleRateHz/ })
  bad({ band: [8, 125] }, new RangeError('band must be below 125 Hz, half of the sampling rate of 250 Hz, got 125'))
  bad({ band: [12, 8] }, { name: 'RangeError', message: /lowHz below highHz, got \[ 12, 8 \]/ })
  bad({ band: [0, 8] }, { name: 'RangeError', message: /band must be Hz above 0, got 0/ })
  bad({ band: 8 }, { name: 'TypeError', message: /band must be \[lowHz, highHz\]/ })
  bad({ lowpassHz: 40 }, { name: 'TypeError', message: /exactly one of band, lowpassHz and highpassHz/ })
  bad(
    { sample_rate_hz: 250 },
    { name: 'TypeError', message: /unknown option 'sample_rate_hz', did you mean 'sampleRateHz'\?/ },
  )
  t.throws(() => butterworth({ order: 12, sampleRateHz: 1e9, band: [0.001, 0.002] }), {
    name: 'RangeError',
    message: /not stable/,
  })
})
