import t from 'tap'
import { spectrumOf } from '../../../src/view/plot/spectrum.js'

t.test('the power of a sine is in its band, and its density integrates to the power', async t => {
  const srate = 500
  const values = Float64Array.from({ length: 2000 }, (_, i) => 40 + 3 * Math.sin((2 * Math.PI * 10 * i) / srate))
  const spectrum = spectrumOf(values, srate)
  if (!spectrum) throw new Error('no spectrum')
  const { db, binHz } = spectrum
  const peak = db.indexOf(Math.max(...db))
  t.ok(Math.abs(peak * binHz - 10) <= binHz)
  const power = db.reduce((sum, each) => sum + 10 ** (each / 10) * binHz, 0)
  t.ok(Math.abs(power - 4.5) < 0.25, `the power is ${power}`)
})

t.test('nothing is made up where there is too little, or no number', async t => {
  t.equal(spectrumOf(new Float64Array(8), 500), undefined)
  t.equal(spectrumOf(new Float64Array(2000).fill(NaN), 500), undefined)
})
