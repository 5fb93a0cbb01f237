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

t.test('an abort ends it, and what cannot be is refused', async t => {
  const controller = new AbortController()
  const next = align([numbers(10)], { rateHz: 10, signal: controller.signal }).next()
  controller.abort()
  t.equal((await next).done, true)
  await t.rejects(all([numbers(10)], {}), { name: 'TypeError', message: /exactly one of rateHz and on/ })
  await t.rejects(all([numbers(10)], { on: 1 }), { name: 'RangeError', message: /on must be the place/ })
  await t.rejects(all([numbers(10)], { rate: 10 } as never), { name: 'TypeError', message: /unknown option/ })
})
