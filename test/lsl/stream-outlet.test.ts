import '../support/loopback.js'
import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import type { Test } from 'tap'
import { localClock } from '../../src/clock.js'
import { resolveByProp } from '../../src/lsl/resolve.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import type { StreamInfoOptions } from '../../src/lsl/stream-info.js'
import { StreamInlet } from '../../src/lsl/stream-inlet.js'
import { DEDUCED_TIMESTAMP, StreamOutlet } from '../../src/lsl/stream-outlet.js'
import type { StreamOutletOptions } from '../../src/lsl/stream-outlet.js'

function infoOf(options: Partial<StreamInfoOptions> = {}): StreamInfo {
  return new StreamInfo({ name: uniqueName('outlet'), channelCount: 2, nominalSrate: 100, ...options })
}

async function pair(t: Test, options: Partial<StreamInfoOptions> = {}, outletOptions: StreamOutletOptions = {}) {
  const outlet = new StreamOutlet(infoOf(options), outletOptions)
  t.teardown(() => outlet.close())
  const [info] = await resolveByProp('uid', outlet.info.uid, { timeoutS: 10 })
  const inlet = new StreamInlet(info!)
  t.teardown(() => inlet.close())
  await inlet.open(10)
  if (!(await outlet.waitForConsumers(10))) throw new Error('the inlet was not seen')
  return { outlet, inlet }
}

t.test('the announced description has what only an outlet can know', async t => {
  const before = localClock()
  await using outlet = new StreamOutlet(infoOf({ name: 'A', channels: [{ label: 'C3' }] }))
  const { info } = outlet
  t.match(info.uid, /^[0-9a-f-]{36}$/)
  t.ok(info.createdAt >= before - 1 && info.createdAt <= localClock() + 1)
  t.match(info, { name: 'A', channelCount: 2, nominalSrate: 100 })
  t.same(info.channelNames, ['C3', 'ch_2'])
})

t.test('samples go out when the chunk is full, and not before', async t => {
  const { outlet, inlet } = await pair(t, {}, { chunkSize: 5 })
  const witness = await pair(t)
  const seenByAll = async (): Promise<void> => {
    witness.outlet.pushSample([0, 0])
    t.ok(await witness.inlet.pullSample(10))
  }
  for (let i = 0; i < 4; i++) outlet.pushSample([i, i], 10 + i)
  await seenByAll()
  t.equal((await inlet.pullChunk()).frames, 0, 'four wait for the fifth')
  outlet.pushSample([4, 4], 14)
  const times: number[] = []
  while (times.length < 5) times.push(...(await inlet.pullChunk({ timeoutS: 10 })).times)
  t.same(times, [10, 11, 12, 13, 14])
  for (let i = 5; i < 9; i++) outlet.pushSample([i, i], 10 + i)
  await seenByAll()
  t.equal((await inlet.pullChunk()).frames, 0, 'and so again')
})

t.test('a sample without a stamp is stamped now, one stamp for a chunk is that of its last', async t => {
  const { outlet, inlet } = await pair(t)
  const before = localClock()
  outlet.pushSample([1, 2])
  const sample = await inlet.pullSample(10)
  t.ok(sample && sample.timestamp >= before && sample.timestamp <= localClock())
  outlet.pushChunk(Float32Array.of(1, 2, 3, 4, 5, 6), 50)
  outlet.pushSample([7, 8], DEDUCED_TIMESTAMP)
  const times: number[] = []
  while (times.length < 4) times.push(...(await inlet.pullChunk({ timeoutS: 10 })).times)
  t.same(
    times.map(time => Math.round(time * 1000)),
    [49_980, 49_990, 50_000, 50_010],
  )
})

t.test('rows of an irregular stream all have the one stamp', async t => {
  const { outlet, inlet } = await pair(t, { nominalSrate: 0, channelFormat: 'string', channelCount: 1 })
  outlet.pushChunk([['a'], ['b'], ['c']], 50)
  const rows: unknown[] = []
  const times: number[] = []
  while (times.length < 3) {
    const chunk = await inlet.pullChunk({ timeoutS: 10 })
    rows.push(...chunk.data)
    times.push(...chunk.times)
  }
  t.same(rows, [['a'], ['b'], ['c']])
  t.same(times, [50, 50, 50])
})

t.test('a mistake is named and nothing of it is sent', async t => {
  const { outlet, inlet } = await pair(t)
  t.throws(() => outlet.pushSample([1]), { name: 'RangeError', message: /has 2 values, got 1/ })
  t.throws(() => outlet.pushSample([1n, 2n]), TypeError)
  t.throws(() => outlet.pushChunk(Float32Array.of(1, 2, 3)), { name: 'RangeError', message: /2 values, got 3/ })
  t.throws(() => outlet.pushChunk(Float64Array.of(1, 2)), {
    name: 'TypeError',
    message: /Float32Array, got a Float64Array/,
  })
  t.throws(() => outlet.pushChunk([[1, 2], [3]]), { name: 'RangeError', message: /has 2 values, got 1/ })
  t.throws(() => outlet.pushChunk(Float32Array.of(1, 2), Float64Array.of(1, 2)), {
    name: 'RangeError',
    message: /^timestamps .* 1 samples, got 2/,
  })
  t.throws(() => outlet.pushSample(['5', '6']), { message: /must be of type number, got "5"$/ })
  t.throws(() => outlet.pushChunk([[1, null]] as never), { message: /must be of type number, got null$/ })
  t.throws(() => outlet.pushSample([5, 6], '9' as never), { message: 'timestamp must be LSL clock seconds, got "9"' })
  outlet.pushChunk([])
  outlet.pushSample([5, 6], 9)
  t.same(await inlet.pullSample(10), { values: Float32Array.of(5, 6), timestamp: 9 }, 'only what was right')
})

t.test('numbers are no strings, and strings no numbers', async t => {
  await using strings = new StreamOutlet(infoOf({ channelFormat: 'string' }))
  t.throws(() => strings.pushChunk(Float32Array.of(1, 2)), { name: 'TypeError', message: /must be rows of strings/ })
  await using wide = new StreamOutlet(infoOf({ channelFormat: 'int64' }))
  t.throws(() => wide.pushSample([1, 2]), { message: /must be of type bigint, got 1$/ })
  t.throws(() => strings.pushSample([1, 2]), { message: /must be of type string, got 1$/ })
  t.throws(() => strings.pushChunk([['a', undefined]] as never), { message: /must be of type string, got undefined$/ })
})

t.test('impossible options are refused', async t => {
  const make = (options: StreamOutletOptions) => () => new StreamOutlet(infoOf(), options)
  t.throws(make({ chunkSize: -1 }), { name: 'RangeError', message: /^chunkSize .*-1/ })
  t.throws(make({ chunkSize: 1.5 }), { name: 'RangeError', message: /^chunkSize .*1\.5/ })
  t.throws(make({ maxBufferedS: 0 }), { name: 'RangeError', message: /^maxBufferedS .*0/ })
  t.throws(make({ maxBufferedS: NaN }), { name: 'RangeError', message: /^maxBufferedS .*NaN/ })
})

t.test('waiting for consumers has a time limit', async t => {
  await using outlet = new StreamOutlet(infoOf())
  t.equal(outlet.haveConsumers, false)
  const start = performance.now()
  t.equal(await outlet.waitForConsumers(0.1), false)
  t.ok(performance.now() - start >= 95)
})

t.test('a closed outlet is off the network, and says that it is closed', async t => {
  const outlet = new StreamOutlet(infoOf())
  const closing = outlet.close()
  t.throws(() => outlet.pushSample([1, 2]), { code: 'ERR_CLOSED' })
  t.equal(outlet.haveConsumers, false)
  await closing
  await outlet.close()
  t.same(await resolveByProp('uid', outlet.info.uid, { timeoutS: 0.2 }), [])
})
