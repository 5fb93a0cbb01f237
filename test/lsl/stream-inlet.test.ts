import '../support/loopback.js'
import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import type { Test } from 'tap'
import { resolveByProp } from '../../src/lsl/resolve.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamInlet } from '../../src/lsl/stream-inlet.js'
import type { StreamInletOptions } from '../../src/lsl/stream-inlet.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'

async function found(t: Test): Promise<{ outlet: StreamOutlet; info: StreamInfo }> {
  const asked = new StreamInfo({ name: uniqueName('inlet'), channelCount: 2, channels: [{ label: 'C3' }] })
  const outlet = new StreamOutlet(asked)
  t.teardown(() => outlet.close())
  const [info] = await resolveByProp('uid', outlet.info.uid, { timeoutS: 10 })
  return { outlet, info: info! }
}

t.test('the first pull opens, and the metadata is there from then on', async t => {
  const { outlet, info } = await found(t)
  await using inlet = new StreamInlet(info)
  t.same(inlet.info.channelNames, ['ch_1', 'ch_2'], 'a resolve tells no labels')
  t.equal(await inlet.pullSample(), undefined)
  t.same(inlet.info.channelNames, ['C3', 'ch_2'])
  await outlet.waitForConsumers(10)
  outlet.pushSample([1, 2], 5)
  t.same(await inlet.pullSample(10), { values: Float32Array.of(1, 2), timestamp: 5 })
})

t.test("a chunk is at most as large as asked for, and its memory is the caller's", async t => {
  const { outlet, info } = await found(t)
  await using inlet = new StreamInlet(info)
  await inlet.open()
  await outlet.waitForConsumers(10)
  outlet.pushChunk(Float32Array.of(1, 2, 3, 4, 5, 6), Float64Array.of(1, 2, 3))
  const first = await inlet.pullChunk({ maxFrames: 1, timeoutS: 10 })
  const second = await inlet.pullChunk({ maxFrames: 1, timeoutS: 10 })
  t.same([first.frames, second.frames], [1, 1])
  t.same(first.data, Float32Array.of(1, 2), 'the second did not touch it')
  t.same(second.data, Float32Array.of(3, 4))
})

t.test('waiting for a sample ends at its time limit', async t => {
  const { info } = await found(t)
  await using inlet = new StreamInlet(info)
  await inlet.open()
  const start = performance.now()
  t.equal(await inlet.pullSample(0.1), undefined)
  t.ok(performance.now() - start >= 95)
})

t.test('impossible options are refused', async t => {
  const { info } = await found(t)
  const make = (options: StreamInletOptions) => () => new StreamInlet(info, options)
  t.throws(make({ queueFrames: 0 }), { name: 'RangeError', message: /^queueFrames .*0/ })
  t.throws(make({ queueFrames: 1.5 }), { name: 'RangeError', message: /^queueFrames .*1\.5/ })
  await using inlet = new StreamInlet(info)
  await t.rejects(inlet.pullChunk({ maxFrames: 0 }), { name: 'RangeError', message: /^maxFrames .*0/ })
})

t.test('a stream that is gone before it is opened is ERR_STREAM_LOST at the time limit', async t => {
  const { outlet, info } = await found(t)
  await outlet.close()
  await using inlet = new StreamInlet(info)
  const start = performance.now()
  await t.rejects(inlet.open(0.5), { code: 'ERR_STREAM_LOST' })
  const took = performance.now() - start
  t.ok(took >= 495 && took < 4000, `within its time limit, ${took} ms`)
})

t.test('a closed inlet is closed, also twice, also before it was ever open', async t => {
  const { info } = await found(t)
  const inlet = new StreamInlet(info)
  await inlet.open()
  await inlet.close()
  await inlet.close()
  await t.rejects(inlet.pullSample(), { code: 'ERR_CLOSED' })
  t.equal(inlet.samplesAvailable, 0)
  t.equal(inlet.flush(), 0)
  const never = new StreamInlet(info)
  await never.close()
  await t.rejects(never.open(), { code: 'ERR_CLOSED' })
})
