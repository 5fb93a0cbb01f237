import t from 'tap'
import { RingBuffer } from '../../src/ring/ring-buffer.js'
import { RingReader } from '../../src/ring/ring-reader.js'

t.test('zeros lead until the window has filled, then the newest frames are there, oldest first', async t => {
  const ring = RingBuffer.allocate<Float32Array>({ frames: 4, channels: 2 })
  ring.addSamples(
    [
      [1, 10],
      [2, 20],
    ],
    [0.1, 0.2],
  )
  t.strictSame([...ring.unfoldBuffer()], [0, 0, 0, 0, 1, 10, 2, 20])
  t.strictSame([...ring.unfoldBufferT()], [0, 0, 0.1, 0.2])
  ring.addSamples(Float32Array.of(3, 30, 4, 40, 5, 50), Float64Array.of(0.3, 0.4, 0.5))
  t.strictSame([...ring.unfoldBuffer()], [2, 20, 3, 30, 4, 40, 5, 50])
  t.match(ring, { lastT: 0.5, currI: 5, written: 5, frames: 4, channels: 2, format: 'float32' })
  t.equal(ring.bufferT[ring.currI - 1], 0.5)
})

t.test('the window is a view over the ring, not a copy', async t => {
  const ring = RingBuffer.allocate<Int16Array>({ frames: 3, channels: 1, format: 'int16' })
  ring.addSamples([1, 2, 3], [1, 2, 3])
  const window = ring.unfoldBuffer()
  t.equal(window.buffer, ring.share().data)
  t.equal(window.length, 3)
  t.equal(ring.buffer.buffer, ring.share().data)
})

t.test('of more rows than fit the newest stay, and all are counted', async t => {
  const ring = RingBuffer.allocate<Float64Array>({ frames: 3, channels: 1, format: 'double64' })
  const values = Float64Array.from({ length: 100 }, (_, i) => i)
  ring.addSamples(values, values)
  t.strictSame([...ring.unfoldBuffer()], [97, 98, 99])
  t.equal(ring.written, 100)
})

t.test('numbers of another type are converted to the ring, BigInts are not', async t => {
  const floats = RingBuffer.allocate<Float32Array>({ frames: 2, channels: 1 })
  floats.addSamples(Int16Array.of(-7, 7), [1, 2])
  t.strictSame([...floats.unfoldBuffer()], [-7, 7])
  t.throws(() => floats.addSamples(BigInt64Array.of(1n), [1]), { message: /of type number, got 1n/ })

  const longs = RingBuffer.allocate<BigInt64Array>({ frames: 2, channels: 1, format: 'int64' })
  longs.addSamples([[2n ** 63n - 1n], [-(2n ** 63n)]], [1, 2])
  t.strictSame([...longs.unfoldBuffer()], [2n ** 63n - 1n, -(2n ** 63n)])
  t.throws(() => longs.addSamples([1], [1]), { message: /of type bigint, got 1/ })
})

t.test('what is no row is refused by name', async t => {
  const ring = RingBuffer.allocate({ frames: 2, channels: 1 })
  for (const rows of [
    [[1], null],
    [[1], undefined],
    [[1], ,],
    [[1], 2],
  ])
    // prettier-ignore
    t.throws(() => ring.addSamples(rows as never, [1, 2]), { message: /2 rows of nothing$/ })
  t.throws(() => ring.addSamples([null] as never, [1]), { message: /of type number, got null/ })
  t.equal(ring.written, 0)
})

t.test('strings are rows', async t => {
  const ring = RingBuffer.allocate<string[][]>({ frames: 3, channels: 2, format: 'string' })
  ring.addSamples([['go', '']], [1])
  ring.addSamples([['stop', 'é']], [2])
  t.strictSame(ring.unfoldBuffer(), [['', ''], ['go', ''], ['stop', 'é']]) // prettier-ignore
  t.strictSame([...ring.unfoldBufferT()], [0, 1, 2])
  t.throws(() => ring.addSamples([[1, 2]], [1]), { message: /of type string, got 1/ })
  t.equal(ring.written, 2)
})

t.test('a shape that does not fit changes nothing and is named', async t => {
  const ring = RingBuffer.allocate<Float32Array>({ frames: 3, channels: 2 })
  const bad = [
    [[[1, 2]], [1, 2]],
    [
      [[1, 2], [3]],
      [1, 2],
    ],
    [[[1, 2, 3]], [1]],
    [Float32Array.of(1, 2, 3), [1]],
    [[], [1]],
  ] as const
  for (const [samples, times] of bad) {
    t.throws(() => ring.addSamples(samples, times), { name: 'RangeError', message: /frames .* x 2 channels, got/ })
  }
  t.throws(() => ring.addSamples([[1, 2], [3]], [1, 2]), { message: /got 2 rows of 1/ })
  t.throws(() => ring.addSamples([['1', '2']], [1]), TypeError)
  t.equal(ring.written, 0)
  t.ok(ring.unfoldBuffer().every(value => value === 0))
  ring.addSamples([], [])
  t.equal(ring.written, 0)
})

t.test('what is shared can be read, and ends when the ring is closed', async t => {
  const ring = RingBuffer.allocate({ frames: 3, channels: 1 })
  const reader = RingReader.attach(ring.share())
  ring.addSamples([1, 2], [1, 2])
  t.equal(reader.takeNew().frames, 2)
  ring.close()
  ring.close()
  t.ok(reader.closed)
  t.throws(() => ring.addSamples([1], [1]), { code: 'ERR_CLOSED' })
})
