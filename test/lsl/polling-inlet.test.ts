import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import type { Test } from 'tap'
import { ENGINES } from '../support/lsl/engines.js'
import { resolveByProp } from '../../src/lsl/resolve.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import type { StreamInfoOptions } from '../../src/lsl/stream-info.js'
import { StreamInlet } from '../../src/lsl/stream-inlet.js'
import type { StreamInletOptions } from '../../src/lsl/stream-inlet.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import { until } from '../../src/system/until.js'

async function pair(t: Test, options: Partial<StreamInfoOptions>, inletOptions: StreamInletOptions) {
  const info = new StreamInfo({ name: uniqueName('polled'), channelCount: 1, nominalSrate: 100, ...options })
  const engine = inletOptions.engine ?? 'builtin'
  const outlet = new StreamOutlet(info, { engine })
  t.teardown(() => outlet.close())
  const [found] = await resolveByProp('uid', outlet.info.uid, { timeoutS: 10, engine })
  const inlet = new StreamInlet(found!, inletOptions)
  t.teardown(() => inlet.close())
  await inlet.open(10)
  t.ok(await outlet.waitForConsumers(10))
  return { outlet, inlet }
}

t.test('a reader that looks now and then gets all that is said to be there', async t => {
  const { outlet, inlet } = await pair(t, {}, { engine: 'builtin' })
  for (let sent = 0; sent < 6; sent++) {
    outlet.pushSample([sent], 1 + sent)
    t.ok(await until(() => inlet.samplesAvailable === sent + 1, { everyMs: 1, timeoutMs: 10_000 }))
  }
  t.same((await inlet.pullChunk()).times, [1, 2, 3, 4, 5, 6])
  t.equal(inlet.samplesAvailable, 0)
})

for (const channelFormat of ['float32', 'string'] as const)
  for (const inOneChunk of [false, true])
    t.test(
      `a queue of 100 keeps the newest 100 of 600 and counts the others (${channelFormat}, ${inOneChunk})`,
      async t => {
        const { outlet, inlet } = await pair(t, { channelFormat }, { engine: 'builtin', queueFrames: 100 })
        const rows = Array.from({ length: 600 }, (_, i) => (channelFormat === 'string' ? [String(i)] : [i]))
        if (inOneChunk) outlet.pushChunk(rows, 100)
        else rows.forEach((row, i) => outlet.pushSample(row, 1 + i))
        t.ok(
          await until(() => inlet.samplesAvailable === 100 && inlet.dropped === 500, { everyMs: 1, timeoutMs: 10_000 }),
        )
        const { data, frames } = await inlet.pullChunk()
        t.equal(frames, 100)
        t.equal(String(data[0]), '500')
        t.equal(inlet.dropped, 500)
        t.equal(outlet.dropped, 0)
      },
    )

for (const engine of ENGINES)
  t.test(`an inlet whose stream is lost says so in all that it is asked (${engine})`, async t => {
    const { outlet, inlet } = await pair(t, { sourceId: '' }, { engine, recover: false })
    outlet.pushSample([1], 5)
    t.equal((await inlet.pullSample(10))?.timestamp, 5)
    await inlet.open(10)
    await inlet.timeCorrection(10)
    await outlet.close()
    await t.rejects(inlet.pullSample(10), { code: 'ERR_STREAM_LOST' })
    await t.rejects(inlet.open(1), { code: 'ERR_STREAM_LOST' })
    await t.rejects(inlet.timeCorrection(1), { code: 'ERR_STREAM_LOST' })
  })

t.test('a chunk of as many samples as one likes takes memory for those that came', async t => {
  const { outlet, inlet } = await pair(t, {}, { engine: 'builtin' })
  outlet.pushSample([1], 5)
  t.equal((await inlet.pullChunk({ maxFrames: 2 ** 40, timeoutS: 10 })).frames, 1)
})

t.test('a successor of another rate has its own spacing', async t => {
  const name = uniqueName('successor')
  const infoOf = (nominalSrate: number): StreamInfo =>
    new StreamInfo({ name, channelCount: 1, nominalSrate, sourceId: name })
  const first = new StreamOutlet(infoOf(100), { engine: 'builtin' })
  const [found] = await resolveByProp('uid', first.info.uid, { timeoutS: 10, engine: 'builtin' })
  await using inlet = new StreamInlet(found!, { engine: 'builtin' })
  await inlet.open(10)
  await first.close()
  await using second = new StreamOutlet(infoOf(10), { engine: 'builtin' })
  t.ok(await second.waitForConsumers(20))
  t.equal(inlet.wasClockReset(), true)
  t.equal(inlet.wasClockReset(), false, 'told once')
  second.pushChunk(Float32Array.of(1, 2, 3), 50)
  const { times } = await inlet.pullChunk({ timeoutS: 10 })
  t.same(
    Array.from(times, stamp => Math.round(stamp * 10)),
    [498, 499, 500],
  )
})
