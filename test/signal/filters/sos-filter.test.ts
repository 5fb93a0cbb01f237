import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import fc from 'fast-check'
import { butterworth } from '../../../src/signal/filters/butterworth.js'
import { SosFilter } from '../../../src/signal/filters/sos-filter.js'
import { scipy, worstRelative } from '../../support/scipy-figures.js'
import { seededRandom } from '../../support/random.js'

const sections = butterworth({ order: 4, band: [8, 12], sampleRateHz: 250 })
const odd = butterworth({ order: 3, band: [8, 12], sampleRateHz: 250 })

/** Feeds `input` in chunks of the given frames, over and over. */
function inChunks(filter: SosFilter, input: Float64Array, sizes: readonly number[]): Float64Array {
  const output = new Float64Array(input.length)
  for (let from = 0, next = 0; from < input.length; next++) {
    const to = Math.min(input.length, from + sizes[next % sizes.length]! * filter.channels)
    filter.process(input.subarray(from, to), output.subarray(from, to))
    from = to
  }
  return output
}

const signals = (channels: number, frames = 300): fc.Arbitrary<Float64Array> =>
  fc
    .array(fc.double({ min: -1e5, max: 1e5, noNaN: true }), { minLength: channels, maxLength: frames * channels })
    .map(values => Float64Array.from(values.slice(0, values.length - (values.length % channels))))

t.test('the output is that of scipy.signal.sosfilt, from zeros and from its steady state', async t => {
  for (const { sections, input, channels, zero, steady } of scipy.filtered) {
    const run = (initial: 'zero' | 'steady'): Float64Array =>
      new SosFilter(sections, { channels, initial }).process(Float32Array.from(input))
    t.ok(worstRelative(run('zero'), zero) < 1e-12)
    t.ok(worstRelative(run('steady'), steady) < 1e-9)
  }
})

t.test('a million samples in chunks of random sizes are those of scipy to 1e-9', async t => {
  const { sections, every, output, rms } = scipy.longRun
  const random = seededRandom(t)
  let state = 1
  const input = Float64Array.from({ length: 1_000_000 }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0
    return state / 2 ** 32 - 0.5
  })
  const filter = new SosFilter(sections, { channels: 1, initial: 'zero' })
  const sizes = Array.from({ length: 1000 }, () => 1 + Math.floor(random() * 200))
  const ours = inChunks(filter, input, sizes)
  const picked = ours.filter((_, i) => (i + 1) % every === 0)
  t.ok(worstRelative(picked.subarray(0, output.length), output) < 1e-9)
  const square = ours.reduce((sum, value) => sum + value * value, 0) / ours.length
  t.ok(Math.abs(Math.sqrt(square) / rms - 1) < 1e-9)
})

t.test('any chunking gives the same output, bit for bit', async t => {
  for (const [design, channels] of [
    [sections, 1],
    [odd, 3],
  ] as const)
    // prettier-ignore
    fc.assert(
      fc.property(signals(channels), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (input, sizes) => {
        const whole = new SosFilter(design, { channels }).process(input)
        t.strictSame(inChunks(new SosFilter(design, { channels }), input, sizes), whole)
      }),
      { numRuns: 30 },
    )
})

t.test('filtering is linear, and a signal that comes later gives the same output later', async t => {
  fc.assert(
    fc.property(signals(1), fc.integer({ min: 1, max: 40 }), (input, shift) => {
      const run = (values: Float64Array): Float64Array =>
        new SosFilter(sections, { channels: 1, initial: 'zero' }).process(values)
      const once = run(input).slice()
      t.ok(worstRelative(run(input.map(value => 3 * value)), once.map(value => 3 * value)) < 1e-9) // prettier-ignore
      const later = new Float64Array(input.length + shift)
      later.set(input, shift)
      t.strictSame(run(later).subarray(shift), once)
    }),
    { numRuns: 50 },
  )
})

t.test('the output of a sample does not depend on what comes after it', async t => {
  const input = Float64Array.from({ length: 100 }, (_, i) => Math.sin(i))
  const changed = input.map((value, i) => (i < 50 ? value : 1e6))
  const run = (values: Float64Array): Float64Array =>
    new SosFilter(sections, { channels: 1 }).process(values).slice(0, 50)
  t.strictSame(run(changed), run(input))
})

t.test('an offset of 100 mV gives no transient', async t => {
  const output = new SosFilter(sections, { channels: 2 }).process(new Float64Array(1000).fill(1e5))
  t.ok(output.every(value => Math.abs(value) < 1e-6))
})

t.test('a value that is not finite is counted, and its channel begins anew, steady, after it', async t => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const input = Float64Array.from({ length: 400 }, (_, i) => 1000 + Math.sin(i))
    const clean = new SosFilter(sections, { channels: 2 }).process(input).slice()
    const filter = new SosFilter(sections, { channels: 2 })
    const spoilt = input.slice()
    spoilt[100] = bad
    const output = inChunks(filter, spoilt, [7])
    t.equal(filter.invalid, 1)
    t.ok(Number.isNaN(output[100]))
    t.equal(output.filter(Number.isNaN).length, 1)
    t.strictSame(output.filter((_, i) => i % 2 === 1), clean.filter((_, i) => i % 2 === 1), 'the other channel') // prettier-ignore
    const anew = new SosFilter(sections, { channels: 1 }).process(input.filter((_, i) => i % 2 === 0 && i > 100))
    t.strictSame(output.filter((_, i) => i % 2 === 0 && i > 100), anew) // prettier-ignore
  }
})

t.test('all values of all channels may be NaN, from the first on', async t => {
  const filter = new SosFilter(sections, { channels: 2 })
  t.ok(filter.process(new Float32Array(20).fill(NaN)).every(Number.isNaN))
  t.equal(filter.invalid, 20)
  t.ok(filter.process(new Float32Array(20).fill(7)).every(value => Math.abs(value) < 1e-9))
})

t.test('very small values are filtered, and a state that vanishes becomes zero', async t => {
  const denormal = new SosFilter(butterworth({ order: 1, lowpassHz: 40, sampleRateHz: 250 }), { channels: 1 })
  t.ok(denormal.process(new Float64Array(10).fill(5e-324)).every(value => Number.isFinite(value)))
  const filter = new SosFilter(sections, { channels: 1, initial: 'zero' })
  filter.process(Float64Array.of(1))
  const rest = filter.process(new Float64Array(100_000))
  t.equal(rest.at(-1), 0)
})

t.test('every type of samples is taken, in place and into another array', async t => {
  const values = Array.from({ length: 40 }, (_, i) => (i * 37) % 100)
  const wanted = new SosFilter(sections, { channels: 2 }).process(Float64Array.from(values)).slice()
  for (const input of [
    Float32Array.from(values),
    Int8Array.from(values),
    Int16Array.from(values),
    Int32Array.from(values),
    BigInt64Array.from(values.map(BigInt)),
  ])
    t.strictSame(new SosFilter(sections, { channels: 2 }).process(input, new Float64Array(40)), wanted)
  const single = Float32Array.from(values)
  t.equal(new SosFilter(sections, { channels: 2 }).process(single, single), single)
  t.strictSame(single, Float32Array.from(wanted), 'all sections in double precision, rounded once')
})

t.test('zero frames are nothing, and reset() begins anew', async t => {
  const filter = new SosFilter(sections, { channels: 3 })
  t.equal(filter.process(new Float32Array(0)).length, 0)
  const input = Float64Array.from({ length: 30 }, (_, i) => i * i)
  const first = filter.process(input).slice()
  t.notSame(filter.process(input), first)
  filter.reset()
  t.strictSame(filter.process(input), first)
})

t.test('chunks of one size are filtered without garbage', async t => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const filter = new SosFilter(sections, { channels: 8 })
  const input = new Float32Array(80).fill(1)
  const calls = 100_000
  // The first rounds are those of the compiler.
  const grown = Array.from({ length: 6 }, () => {
    collect()
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < calls; i++) filter.process(input)
    return process.memoryUsage().heapUsed - before
  })
  t.ok(Math.min(...grown) / calls < 4, `${grown.join(', ')} bytes in rounds of ${calls} calls`)
})

t.test('a wrong shape, type or option is one clear error', async t => {
  const filter = new SosFilter(sections, { channels: 3 })
  t.throws(() => filter.process(new Float32Array(4)), {
    name: 'RangeError',
    message: /whole frames of 3 channels, got 4/,
  })
  t.throws(() => filter.process(new Float32Array(3), new Float32Array(6)), { name: 'RangeError', message: /output/ })
  t.throws(() => new SosFilter([], { channels: 1 }), { name: 'TypeError', message: /sections/ })
  t.throws(() => new SosFilter([[1, 0, 0, 2, 0, 0]], { channels: 1 }), { name: 'TypeError', message: /sections\[0\]/ })
  t.throws(() => new SosFilter([[1, , 0, 1, 0, 0] as never], { channels: 1 }), { message: /sections\[0\]/ })
  t.throws(() => new SosFilter([[1, 0, 0, 1, 0, 1.1]], { channels: 1 }), { name: 'RangeError', message: /not stable/ })
  t.throws(() => new SosFilter(sections, { channels: 0 }), { name: 'RangeError', message: /channels/ })
  t.throws(() => new SosFilter(sections, { channels: 1, initial: 'warm' as never }), {
    message: /one of 'steady', 'zero'/,
  })
})
