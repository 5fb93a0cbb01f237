import '../../support/loopback.js'
import t from 'tap'
import { FrameBuffer, StringBuffer } from '../../../src/lsl/frame-buffer.js'
import { engineStream } from '../../support/lsl/engine-stream.js'
import { needsLiblsl } from '../../support/lsl/libraries.js'

t.test('rows of strings go out byte for byte, empty ones and NUL included', needsLiblsl(), async t => {
  const { outlet, inlet } = await engineStream(t, { channelFormat: 'string', channelCount: 3 })
  await inlet.open(10)
  while (!outlet.haveConsumers) await new Promise(setImmediate)
  outlet.pushStrings(['', '', ''], 1, true)
  outlet.pushStrings(['a\0b', 'µ', 'x'.repeat(100_000)], 2, true)
  const sink = new StringBuffer(3, 10)
  while (sink.rows.length < 2) inlet.pull(sink, 50)
  t.strictSame(sink.rows, [
    ['', '', ''],
    ['a\0b', 'µ', 'x'.repeat(100_000)],
  ])
  t.same(sink.times, [1, 2])
})

t.test('frames go out with one stamp or with their own', needsLiblsl(), async t => {
  const { outlet, inlet } = await engineStream(t, { channelFormat: 'int64', nominalSrate: 10 })
  await inlet.open(10)
  while (!outlet.haveConsumers) await new Promise(setImmediate)
  outlet.push(BigInt64Array.of(1n, 2n, 3n, 4n), 2, 50, true)
  outlet.push(BigInt64Array.of(5n, 6n, 7n, 8n), 2, Float64Array.of(7, 6), true)
  const sink = new FrameBuffer('int64', 2, 10)
  const values: bigint[] = []
  const times: number[] = []
  while (times.length < 4) {
    const frames = inlet.pull(sink, 50)
    values.push(...(sink.samples.subarray(0, 2 * frames) as BigInt64Array))
    times.push(...sink.times.subarray(0, frames))
  }
  t.same(values, [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n])
  t.same(times, [49.9, 50, 7, 6])
})

t.test('a closed outlet takes nothing, has no consumers, and is released once', needsLiblsl(), async t => {
  const { outlet } = await engineStream(t)
  const closing = outlet.close()
  t.equal(outlet.close(), closing)
  t.throws(() => outlet.push(Float32Array.of(1, 2), 1, 0, true), { code: 'ERR_CLOSED' })
  t.throws(() => outlet.pushStrings(['a', 'b'], 0, true), { code: 'ERR_CLOSED' })
  t.equal(outlet.haveConsumers, false)
  await closing
})
