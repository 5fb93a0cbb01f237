import t from 'tap'
import { bandPower } from '../../src/signal/band-power.js'
import { detrend } from '../../src/signal/detrend.js'
import { welch } from '../../src/signal/welch.js'
import { scipy, worstRelative } from '../support/scipy-figures.js'

t.test('the spectrum is that of scipy.signal.welch, for segments of any length', async t => {
  const { input, channels, rate, cases } = scipy.spectra
  for (const { segment, overlap, window, detrend, frequencies, power } of cases) {
    const options = { sampleRateHz: rate, channels, segment, overlap, window, detrend }
    const ours = welch(Float32Array.from(input), options)
    t.ok(worstRelative(ours.frequencies, frequencies) < 1e-15)
    t.ok(worstRelative(ours.power, power) < 1e-10, JSON.stringify({ segment, window, detrend }))
  }
})

t.test('the power of a sine is half of its squared amplitude, and all of it in its band', async t => {
  for (const frames of [250, 256, 251]) {
    const sine = Float32Array.from({ length: 2 * frames }, (_, i) =>
      i % 2 === 0 ? 10 * Math.sin((2 * Math.PI * 10 * (i >> 1)) / 250) : 0,
    )
    const [power, none] = bandPower(sine, { sampleRateHz: 250, channels: 2, band: [7, 13] })
    t.ok(Math.abs(power! / 50 - 1) < 0.01, `${frames} frames: ${power}`)
    t.ok(none! < 1e-9)
    t.ok(bandPower(sine, { sampleRateHz: 250, channels: 2, band: [20, 30] })[0]! < 0.1)
  }
})

t.test('a trend is taken off as scipy.signal.detrend does', async t => {
  const { input, channels, constant, linear } = scipy.detrended
  const data = Float64Array.from(Float32Array.from(input))
  t.ok(worstRelative(detrend(data.slice(), { channels }), linear) < 1e-10)
  t.ok(worstRelative(detrend(data.slice(), { channels, type: 'constant' }), constant) < 1e-12)
  t.strictSame([...detrend(Float64Array.of(5), { channels: 1 })], [0])
  t.equal(detrend(new Float64Array(0), { channels: 1 }).length, 0)
})

t.test('one frame has a spectrum of one value, none has none', async t => {
  t.equal(welch(Float64Array.of(3), { sampleRateHz: 1, detrend: 'none' }).power.length, 1)
  t.throws(() => welch(new Float64Array(0), { sampleRateHz: 250 }), {
    name: 'RangeError',
    message: /at least one sample/,
  })
})

t.test('a rate of 0, a band above half of the rate and a segment that is too long are refused', async t => {
  const data = new Float64Array(100)
  t.throws(() => welch(data, { sampleRateHz: 0 }), { name: 'RangeError', message: /irregular/ })
  t.throws(() => welch(data, { sampleRateHz: 250, segment: 101 }), {
    message: /segment must be .* from 1 to 100, got 101/,
  })
  t.throws(() => welch(data, { sampleRateHz: 250, overlap: 100 }), { message: /overlap/ })
  t.throws(() => bandPower(data, { sampleRateHz: 250, band: [100, 130] }), { message: /125 Hz/ })
  t.throws(() => bandPower(data, { sampleRateHz: 250, band: [30, 20] }), { message: /band/ })
  t.throws(() => welch(data, { fs: 250 } as never), {
    name: 'TypeError',
    message: /unknown option 'fs', did you mean 'sampleRateHz'/,
  })
})
