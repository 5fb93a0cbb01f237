import t from 'tap'
import { butterworth } from '../../../src/signal/filters/butterworth.js'
import { FilterBank } from '../../../src/signal/filters/filter-bank.js'
import type { FilterBankOptions } from '../../../src/signal/filters/filter-bank.js'
import { movingAverage } from '../../../src/signal/filters/moving-average.js'
import { SosFilter } from '../../../src/signal/filters/sos-filter.js'

const bands = { alpha: [8, 12], beta: [12, 30] } as const
const options: FilterBankOptions = { bands, sfreq: 250, nInChannels: 2, order: 4 }
const frames = 120
const input = Float32Array.from({ length: 2 * frames }, (_, i) => 1e5 + 10 * Math.sin(i) + (i % 7))
const times = Float64Array.from({ length: frames }, (_, i) => i / 250)

/** One band of the input, channel by channel within a frame. */
function band(name: keyof typeof bands): Float64Array {
  return new SosFilter(butterworth({ order: 4, band: bands[name], sampleRateHz: 250 }), { channels: 2 }).process(input)
}

function feed(bank: FilterBank, size: number, each: (bank: FilterBank) => void = () => undefined): void {
  for (let from = 0; from < frames; from += size) {
    bank.filter(input.subarray(2 * from, 2 * (from + size)), times.subarray(from, from + size))
    each(bank)
  }
}

t.test('the output is frames x channels x bands, whatever the chunks', async t => {
  const wanted = new Float64Array(4 * frames)
  band('alpha').forEach((value, i) => (wanted[2 * i] = value))
  band('beta').forEach((value, i) => (wanted[2 * i + 1] = value))
  for (const size of [1, 7, frames]) {
    const bank = new FilterBank(options)
    const got: number[] = []
    const stamps: number[] = []
    feed(bank, size, bank => {
      t.equal(bank.nNew, bank.getData().length / 4)
      const window = bank.takeNew()
      got.push(...window.data)
      stamps.push(...window.times)
      t.equal(bank.nNew, 0)
    })
    t.strictSame(Float64Array.from(got), wanted)
    t.strictSame(stamps, [...times])
  }
})

t.test('squares and causal averages of absolute values are computed over all chunks', async t => {
  const alpha = band('alpha').slice()
  const one = { ...options, bands: { alpha: bands.alpha } }
  const square = new FilterBank({ ...one, output: 'square' })
  feed(square, 5)
  t.strictSame(square.getData(), alpha.map(value => value * value)) // prettier-ignore
  for (const nLookback of [1, 5]) {
    const average = new FilterBank({ ...one, output: 'absMa', nLookback })
    feed(average, 11)
    const wanted = movingAverage({ nSamples: nLookback, channels: 2, absolute: true }).process(alpha)
    t.strictSame(average.getData(), wanted)
  }
})

t.test('an offset gives no transient at the start', async t => {
  const bank = new FilterBank(options)
  bank.filter(new Float32Array(2 * frames).fill(1e5), times)
  t.ok(bank.getData().every(value => Math.abs(value) < 1e-6))
})

t.test('nothing new is empty', async t => {
  const bank = new FilterBank(options)
  t.equal(bank.getData().length, 0)
  t.strictSame(bank.takeNew().frames, 0)
  feed(bank, 10)
  bank.nNew = 0
  t.equal(bank.getData().length, 0)
})

t.test('what cannot be a count is refused as nNew', async t => {
  const bank = new FilterBank(options)
  feed(bank, 10)
  for (const count of [-1, 1.5, NaN, Infinity]) t.throws(() => (bank.nNew = count), { name: 'RangeError' })
  t.equal(bank.takeNew().frames, 120)
})

t.test('more than the buffer holds is told with the count, and what is left can be taken', async t => {
  const bank = new FilterBank({ ...options, filterBufferS: 100 / 250 })
  feed(bank, 10)
  t.throws(() => bank.getData(), { code: 'ERR_FILTER_OVERFLOW', message: /^20 of 120 filtered samples/ })
  t.equal(bank.takeNew().frames, 100)
  t.equal(bank.takeNew().frames, 0)
})

t.test('a NaN is counted once, and does not stay', async t => {
  const bank = new FilterBank(options)
  const spoilt = input.slice()
  spoilt[20] = NaN
  bank.filter(spoilt, times)
  t.equal(bank.invalid, 1)
  t.equal(bank.getData().filter(Number.isNaN).length, 2)
})

t.test('what cannot be is refused', async t => {
  const bad = (changed: object, error: { name: string; message: string | RegExp }): void => {
    t.throws(() => new FilterBank({ ...options, ...changed }), error)
  }
  bad({ sfreq: 0 }, { name: 'RangeError', message: /irregular/ })
  bad({ bands: { gamma: [80, 200] } }, { name: 'RangeError', message: /125 Hz/ })
  bad({ bands: {} }, { name: 'RangeError', message: /bands/ })
  bad({ output: 'abs_ma' }, { name: 'RangeError', message: /one of 'signal', 'square', 'absMa', got "abs_ma"/ })
  bad({ n_in_channels: 3 }, { name: 'TypeError', message: /did you mean 'nInChannels'/ })
  bad({ filterType: 'cheby' }, { name: 'RangeError', message: /'butter'/ })
  bad({ filterBufferS: 0 }, { name: 'RangeError', message: /filterBufferS must be seconds above 0/ })
  t.throws(() => new FilterBank(options).filter(input, times.subarray(1)), { name: 'RangeError', message: /times/ })
})
