import t from 'tap'
import fc from 'fast-check'
import { Decimator } from '../../../src/signal/filters/decimator.js'
import { scipy, worstRelative } from '../../support/scipy-figures.js'

function decimate(decimator: Decimator, input: Float64Array | Float32Array, size: number): Float64Array {
  const output = new Float64Array(input.length)
  let written = 0
  for (let from = 0; from < input.length; from += size * decimator.channels) {
    const part = input.subarray(from, from + size * decimator.channels)
    written += decimator.channels * decimator.process(part, output.subarray(written))
  }
  return output.subarray(0, written)
}

t.test('a decimated signal is that of scipy.signal.decimate, once the beginning has passed', async t => {
  for (const { factor, input, channels, output } of scipy.decimated) {
    const ours = decimate(new Decimator({ factor, channels }), Float32Array.from(input), 1000)
    // scipy begins with zeros, the decimator with the first sample.
    const settled = 21 * channels
    t.ok(worstRelative(ours.subarray(settled), output.slice(settled)) < 1e-13)
  }
})

t.test('any chunking gives the same output', async t => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e5, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 30 }),
      (values, factor, size) => {
        const input = Float64Array.from(values)
        const whole = decimate(new Decimator({ factor, channels: 1 }), input, input.length)
        t.equal(whole.length, Math.ceil(input.length / factor))
        t.strictSame(decimate(new Decimator({ factor, channels: 1 }), input, size), whole)
      },
    ),
    { numRuns: 50 },
  )
})

t.test('the delay is told exactly: a ramp comes out that late', async t => {
  const decimator = new Decimator({ factor: 5, channels: 1, sampleRateHz: 1000 })
  t.match(decimator, { delaySamples: 50, delayS: 0.05, outputRateHz: 200 })
  const ramp = Float64Array.from({ length: 500 }, (_, i) => i)
  const output = decimate(decimator, ramp, 7)
  for (let k = 30; k < output.length; k++) t.ok(Math.abs(output[k]! - (5 * k - 50)) < 1e-9)
})

t.test('what the lower rate cannot carry is removed, an offset stays from the first sample on', async t => {
  const rate = 1000
  const fast = Float64Array.from({ length: 2000 }, (_, i) => 1e5 + 100 * Math.sin((2 * Math.PI * 190 * i) / rate))
  const output = decimate(new Decimator({ factor: 5, channels: 1 }), fast, 33)
  t.ok(output.subarray(40).every(value => Math.abs(value - 1e5) < 0.5))
  t.ok(decimate(new Decimator({ factor: 5, channels: 1 }), new Float64Array(50).fill(1e5), 9).every(v => Math.abs(v - 1e5) < 1e-6)) // prettier-ignore
})

t.test('a NaN passes, reset() begins anew, a factor of 1 changes nothing', async t => {
  const decimator = new Decimator({ factor: 2, channels: 1 })
  const input = new Float64Array(200).fill(1)
  input[50] = NaN
  const output = decimate(decimator, input, 200)
  t.ok(output.some(Number.isNaN))
  t.equal(output.at(-1)?.toFixed(9), '1.000000000')
  decimator.reset()
  t.equal(decimate(decimator, new Float64Array(3).fill(8), 3).at(-1)?.toFixed(9), '8.000000000')
  t.strictSame([...decimate(new Decimator({ factor: 1, channels: 2 }), Float32Array.of(1, 2, 3, 4), 1)], [1, 2, 3, 4])
})

t.test('what cannot be is refused', async t => {
  t.throws(() => new Decimator({ factor: 0, channels: 1 }), { name: 'RangeError', message: /factor/ })
  t.throws(() => new Decimator({ factor: 2, channels: 1, sampleRateHz: 0 }), { message: /sampleRateHz/ })
  const decimator = new Decimator({ factor: 2, channels: 2 })
  t.throws(() => decimator.process(new Float32Array(8), new Float32Array(2)), { message: /output must hold 2 frames/ })
})
