import t from 'tap'
import fc from 'fast-check'
import { movingAverage } from '../../../src/signal/filters/moving-average.js'
import { rollingMeanSd } from '../../../src/signal/filters/rolling-mean-sd.js'
import { scipy, worstRelative } from '../../support/scipy-figures.js'

t.test('mean and deviation of the newest samples are those of numpy, with an offset of 100 mV', async t => {
  const { n, input, channels, mean, sd } = scipy.rolled
  const data = Float32Array.from(input)
  t.ok(worstRelative(movingAverage({ nSamples: n, channels }).process(data), mean) < 1e-13)
  const [means, sds] = [new Float64Array(data.length), new Float64Array(data.length)]
  const rolling = rollingMeanSd({ nSamples: n, channels })
  rolling.process(data, means, sds)
  t.ok(worstRelative(means, mean) < 1e-13)
  t.ok(worstRelative(sds, sd) < 1e-9)
  t.strictSame(rolling.mean, means.slice(-channels))
  t.strictSame(rolling.sd, sds.slice(-channels))
})

t.test('any chunking gives the same output, for one sample, few and many', async t => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 250 }),
      fc.integer({ min: 1, max: 20 }),
      (values, nSamples, size) => {
        const input = Float64Array.from(values)
        const whole = movingAverage({ nSamples, channels: 1 }).process(input).slice()
        const [means, sds] = [new Float64Array(input.length), new Float64Array(input.length)]
        rollingMeanSd({ nSamples, channels: 1 }).process(input, means, sds)
        const average = movingAverage({ nSamples, channels: 1 })
        const rolling = rollingMeanSd({ nSamples, channels: 1 })
        for (let from = 0; from < input.length; from += size) {
          const part = input.subarray(from, from + size)
          t.strictSame(average.process(part), whole.subarray(from, from + size))
          rolling.process(part)
          t.equal(rolling.mean[0], means[Math.min(input.length, from + size) - 1])
          t.equal(rolling.sd[0], sds[Math.min(input.length, from + size) - 1])
        }
        const direct = input.map((_, i) => {
          const window = input.subarray(Math.max(0, i - nSamples + 1), i + 1)
          return window.reduce((sum, value) => sum + value, 0) / window.length
        })
        t.ok(worstRelative(whole, direct) < 1e-12)
      },
    ),
    { numRuns: 50 },
  )
})

t.test('the mean does not wander off, however large what was in it', async t => {
  const average = movingAverage({ nSamples: 3, channels: 1 })
  const rolling = rollingMeanSd({ nSamples: 3, channels: 1 })
  const input = Float64Array.from({ length: 100_000 }, (_, i) => (i % 1000 === 0 ? 1e12 : 0.1))
  input.fill(0.1, 99_000)
  t.equal(average.process(input).at(-1)?.toFixed(12), '0.100000000000')
  rolling.process(input)
  t.equal(rolling.mean[0]?.toFixed(12), '0.100000000000')
  t.ok(rolling.sd[0]! < 1e-12)
})

t.test('a value that is not finite hides the mean as long as it is among the newest, and no longer', async t => {
  const input = Float64Array.of(1, NaN, 3, 5, 7, Infinity, 1, 1, 1)
  const average = movingAverage({ nSamples: 3, channels: 1 })
  t.strictSame([...average.process(input)], [1, NaN, NaN, NaN, 5, NaN, NaN, NaN, 1])
  const rolling = rollingMeanSd({ nSamples: 3, channels: 1 })
  const means = new Float64Array(9)
  rolling.process(input, means)
  t.strictSame([...means], [1, 1, 2, 4, 5, 6, 4, 1, 1])
})

t.test('absolute values are averaged if asked for, and reset() begins anew', async t => {
  const average = movingAverage({ nSamples: 2, channels: 2, absolute: true })
  t.strictSame([...average.process(Int16Array.of(-1, 2, 3, -4))], [1, 2, 2, 3])
  average.reset()
  t.strictSame([...average.process(Int16Array.of(-6, -6))], [6, 6])
  const rolling = rollingMeanSd({ nSamples: 2, channels: 1 })
  rolling.process(Float64Array.of(5, 7))
  rolling.reset()
  t.ok(Number.isNaN(rolling.mean[0]))
  rolling.process(Float64Array.of(3))
  t.strictSame([rolling.mean[0], rolling.sd[0]], [3, 0])
})

t.test('what cannot be is refused', async t => {
  t.throws(() => movingAverage({ nSamples: 0, channels: 1 }), { name: 'RangeError', message: /nSamples/ })
  t.throws(() => rollingMeanSd({ nSamples: 1.5, channels: 1 }), { name: 'RangeError', message: /nSamples/ })
  t.throws(() => movingAverage({ n_samples: 3, channels: 1 } as never), { message: /did you mean 'nSamples'/ })
  t.throws(() => movingAverage({ nSamples: 3, channels: 2 }).process(new Float32Array(3)), { name: 'RangeError' })
})
