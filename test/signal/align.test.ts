import t from 'tap'
import { RingBuffer } from '../../src/ring/ring-buffer.js'
import { align } from '../../src/signal/streams/align.js'
import type { AlignedWindow, AlignOptions } from '../../src/signal/streams/align.js'
import type { StreamSource } from '../../src/signal/streams/source.js'

function numbers(rate: number) {
  return RingBuffer.allocate<Float64Array>({ frames: 1000, channels: 1, format: 'double64', nominalSrate: rate })
}

/** A ring whose value at any time is `slope` times it. */
function ramp(rate: number, fromS: number, toS: number, slope = 1): RingBuffer<Float64Array> {
  const ring = numbers(rate)
  const times = Array.from({ length: Math.round((toS - fromS) * rate) + 1 }, (_, i) => fromS + i / rate)
  ring.addSamples(times.map(time => slope * time), times) // prettier-ignore
  return ring
}

async function all(sources: readonly StreamSource[], options: AlignOptions): Promise<AlignedWindow[]> {
  const list: AlignedWindow[] = []
  for await (const window of align(sources, options)) list.push(window)
  return list
}

const joined = (windows: AlignedWindow[], stream: number): number[] => windows.flatMap(({ data }) => [...data[stream]!])

t.test('streams of different rates are one timeline, as far as all have come', async t => {
  const [fast, slow] = [ramp(100, 1, 2), ramp(7, 1.1, 1.9, 10)]
  for (const ring of [fast, slow]) ring.close()
  const windows = await all([fast, slow], { rateHz: 50, maxLatenessS: Infinity })
  const times = windows.flatMap(({ times }) => [...times])
  times.forEach((time, i) => t.ok(Math.abs(time - (1.1 + i / 50)) < 1e-9))
  joined(windows, 0).forEach((value, i) => t.ok(Math.abs(value - times[i]!) < 1e-9))
  joined(windows, 1).forEach((value, i) => {
    if (times[i]! < 1.8) t.ok(Math.abs(value - 10 * times[i]!) < 1e-9)
  })
})

t.test('on the stamps of one stream, with the value before, or the nearest one', async t => {
  const [on, other] = [ramp(4, 1, 2), ramp(10, 0.5, 2.5)]
  for (const ring of [on, other]) ring.close()
  const previous = await all([other, on], { on: 1, method: 'previous' })
  t.strictSame(previous.flatMap(({ times }) => [...times]), [1, 1.25, 1.5, 1.75, 2]) // prettier-ignore
  t.strictSame(joined(previous, 0).map(value => value.toFixed(2)), ['1.00', '1.20', '1.50', '1.70', '2.00']) // prettier-ignore
  const nearest = await all([other, on], { on: 1, method: 'nearest' })
  t.strictSame(joined(nearest, 1), [1, 1.25, 1.5, 1.75, 2])
})

t.test('nothing comes before all have come, and nothing twice', async t => {
  const [a, b] = [numbers(10), numbers(10)]
  const iterator = align([a, b], { on: 0, maxLatenessS: Infinity })
  const first = iterator.next()
  a.addSamples([1, 2, 3], [1, 2, 3])
  await new Promise(setImmediate)
  b.addSamples([10, 20], [1, 2])
  const windows = [(await first).value as AlignedWindow]
  const next = iterator.next()
  b.addSamples([30], [3])
  a.close()
  b.close()
  windows.push((await next).value as AlignedWindow)
  for await (const window of iterator) windows.push(window)
  t.strictSame(windows.flatMap(({ times }) => [...times]), [1, 2, 3]) // prettier-ignore
  t.strictSame(joined(windows, 1), [10, 20, 30])
  t.ok(windows.every(({ missing }) => missing.length === 0))
})

t.test('a stream that does not come is waited for, named, and NaN', async t => {
  const [there, silent] = [ramp(10, 1, 2), numbers(10)]
  const iterator = align([there, silent], { on: 0, maxLatenessS: 0.01 })
  const { value } = (await iterator.next()) as { value: AlignedWindow }
  t.equal(value.frames, 11)
  t.ok(value.data[1]!.every(Number.isNaN))
  t.strictSame(value.missing, ['a stream without a name'])
  await iterator.return(undefined)
})

t.test('markers ride along with the frame they stand before', async t => {
  const signal = ramp(10, 1, 2)
  const markers = RingBuffer.allocate<string[][]>({ frames: 10, channels: 1, format: 'string' })
  markers.addSamples([['a'], ['b']], [1.25, 1.5])
  signal.close()
  markers.close()
  const windows = await all([signal, markers], { on: 0 })
  t.strictSame(
    windows.flatMap(({ markers }) => markers).map(({ stream, row, frame }) => [stream, row, frame]),
    [[1, ['a'], 3], [1, ['b'], 5]], // prettier-ignore
  )
})

function stamped(times: readonly number[], frames = 1000): RingBuffer<Float64Array> {
  const ring = RingBuffer.allocate<Float64Array>({ frames, channels: 1, format: 'double64', nominalSrate: 10 })
  ring.addSamples(Float64Array.from(times), Float64Array.from(times))
  return ring
}

const tenths = (fromS: number, count: number): number[] => Array.from({ length: count }, (_, i) => fromS + i / 10)
const timesOf = (windows: AlignedWindow[]): number[] => windows.flatMap(({ times }) => Array.from(times, time => Math.round(100 * time) / 100)) // prettier-ignore

t.test('as many samples as a ring has may have waited', async t => {
  const ring = stamped(tenths(0, 200_000), 200_000)
  ring.close()
  t.equal((await all([ring], { on: 0 }))[0]?.frames, 200_000)
})

t.test('a clock that is set goes on: ahead without the time between, back from where it is', async t => {
  const ahead = stamped([...tenths(10, 5), ...tenths(1e9, 5)])
  const back = stamped([...tenths(1000, 5), ...tenths(10, 5)])
  const gap = stamped([10, 10.1, 30.3, 30.4])
  for (const ring of [ahead, back, gap]) ring.close()
  const expected = [10, 10.1, 10.2, 10.3, 10.4, 1e9, 1e9 + 0.1, 1e9 + 0.2, 1e9 + 0.3, 1e9 + 0.4]
  t.strictSame(timesOf(await all([ahead], { rateHz: 10 })).map(time => time.toFixed(1)), expected.map(time => time.toFixed(1))) // prettier-ignore
  t.strictSame(timesOf(await all([ahead], { on: 0 })), timesOf(await all([ahead], { rateHz: 10 })))
  t.strictSame(timesOf(await all([back], { rateHz: 10 })), [...tenths(1000, 5), ...tenths(10, 5)])
  t.strictSame(timesOf(await all([back], { on: 0 })), [...tenths(1000, 5), ...tenths(10, 5)])
  const bridged = await all([gap], { rateHz: 10 })
  t.equal(bridged[0]?.frames, 205, 'a short gap is bridged')
  t.ok(Math.abs(joined(bridged, 0)[100]! - 20) < 1e-6)
})

t.test('of several the one whose clock was set back is not waited for, and named', async t => {
  const steady = stamped(tenths(1000, 50))
  const back = stamped([...tenths(1000, 10), ...tenths(10, 10)])
  const iterator = align([steady, back], { rateHz: 10, maxLatenessS: 0.5 })
  const windows: AlignedWindow[] = []
  while (timesOf(windows).length < 50) windows.push((await iterator.next()).value as AlignedWindow)
  t.strictSame(timesOf(windows), tenths(1000, 50))
  t.strictSame(windows.at(-1)?.missing, ['a stream without a name'])
  t.ok(joined(windows, 1).slice(11).every(Number.isNaN)) // prettier-ignore
  await iterator.return(undefined)
})

t.test('a stream on a clock of its own holds up no other', async t => {
  const [here, foreign] = [numbers(10), numbers(10)]
  const iterator = align([here, foreign], { rateHz: 10, maxLatenessS: 0.05 })
  const first: { window?: AlignedWindow } = {}
  void iterator.next().then(({ value }) => (first.window = value as AlignedWindow))
  for (let i = 0; first.window === undefined; i++) {
    here.addSamples([i], [10 + i / 1000])
    foreign.addSamples([i], [1.7e9 + i / 1000])
    await new Promise(setImmediate)
  }
  t.equal(first.window.times[0]! < 1e9, true)
  t.strictSame(first.window.missing, ['a stream without a name'])
  await iterator.return(undefined)
})

t.test('a stamp that is no number spoils nothing but its own sample', async t => {
  for (const wrong of [NaN, Infinity, -Infinity]) {
    for (const at of [0, 5, 9]) {
      const times = tenths(10, 10)
      times[at] = wrong
      const ring = stamped(times)
      ring.close()
      const good = times.filter(Number.isFinite)
      t.strictSame(timesOf(await all([ring], { on: 0 })), good, `${wrong} at ${at}`)
      const windows = await all([ring], { rateHz: 10 })
      t.equal(timesOf(windows).length, Math.round(10 * (good.at(-1)! - good[0]!)) + 1)
      joined(windows, 0).forEach((value, i) => t.ok(Math.abs(value - good[0]! - i / 10) < 1e-6))
    }
  }
})

t.test('an abort ends it, and what cannot be is refused', async t => {
  const controller = new AbortController()
  const next = align([numbers(10)], { rateHz: 10, signal: controller.signal }).next()
  controller.abort()
  t.equal((await next).done, true)
  await t.rejects(all([numbers(10)], {}), { name: 'TypeError', message: /exactly one of rateHz and on/ })
  await t.rejects(all([numbers(10)], { on: 1 }), { name: 'RangeError', message: /on must be the place/ })
  await t.rejects(all([numbers(10)], { rate: 10 } as never), { name: 'TypeError', message: /unknown option/ })
})
