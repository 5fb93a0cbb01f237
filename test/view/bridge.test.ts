import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import { WebSocket } from 'ws'
import { connect } from '../../src/browser/index.js'
import type { SocketConstructor } from '../../src/browser/index.js'
import { localClock } from '../../src/clock.js'
import { resolveByProp } from '../../src/lsl/resolve.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamInlet } from '../../src/lsl/stream-inlet.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import { StreamWatcher } from '../../src/stream-watcher.js'
import { startView } from '../../src/view/index.js'

const options = { WebSocket: WebSocket as unknown as SocketConstructor, timeoutS: 30 }
const urlOf = (port: number): string => `ws://127.0.0.1:${port}/ws`

t.test('a page reads every sample, over a lost connection too', async t => {
  const name = uniqueName('bridge')
  const outlet = new StreamOutlet(new StreamInfo({ name, channelCount: 2, nominalSrate: 100, sourceId: name }))
  t.teardown(() => outlet.close())
  const watcher = new StreamWatcher({ name, bufferSizeS: 20 })
  t.teardown(() => watcher.disconnect())
  await watcher.connectToStream({ timeoutS: 30 })
  await outlet.waitForConsumers(30)
  const view = await startView({ port: 0, watchers: [watcher] })
  t.teardown(() => view.close())
  const sockets: WebSocket[] = []
  class Kept extends WebSocket {
    constructor(url: string) {
      super(url)
      sockets.push(this)
    }
  }
  const dareplane = await connect(urlOf(view.port), { ...options, WebSocket: Kept as unknown as SocketConstructor })
  t.teardown(() => dareplane.close())
  t.match(dareplane.streams(), [{ name, channels: 2 }])
  const reader = await dareplane.watch(name, { bufferSizeS: 20 })
  const push = (from: number): void => {
    const data = Float32Array.from({ length: 200 }, (_, k) => from + (k >> 1))
    outlet.pushChunk(
      data,
      Float64Array.from({ length: 100 }, (_, i) => 1000 + (from + i) / 100),
    )
  }
  // The subscription has to be there before the first sample that is expected.
  const seen: number[] = []
  const reading = (async () => {
    for await (const { data, lost } of reader.windows()) {
      t.equal(lost, 0)
      for (let i = 0; i < data.length; i += 2) seen.push(Number(data[i]))
      if (seen.includes(299)) return
    }
  })()
  while (seen.length === 0) {
    push(0)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  const before = seen.length
  sockets[0]?.terminate()
  push(100)
  push(200)
  await reading
  t.same(
    seen.slice(-200),
    Array.from({ length: 200 }, (_, i) => 100 + i),
    'nothing lost, nothing twice',
  )
  t.ok(before > 0)
  t.equal(reader.latest(1).data[0], 299)
  t.equal(sockets.length, 2)
})

t.test('markers of a page are on the network once each, at their time, over a lost connection too', async t => {
  const name = uniqueName('page-markers')
  const view = await startView({ port: 0, watchers: [] })
  t.teardown(() => view.close())
  const sockets: WebSocket[] = []
  class Kept extends WebSocket {
    constructor(url: string) {
      super(url)
      sockets.push(this)
    }
  }
  const dareplane = await connect(urlOf(view.port), { ...options, WebSocket: Kept as unknown as SocketConstructor })
  t.teardown(() => dareplane.close())
  t.ok(Math.abs(dareplane.localClock() - localClock()) < 0.05 + dareplane.uncertaintyS)
  const markers = dareplane.markers(name)
  const [info] = await resolveByProp('name', name, { timeoutS: 30 })
  if (!info) throw new Error('no marker stream')
  const inlet = new StreamInlet(info)
  t.teardown(() => inlet.close())
  await inlet.open(30)
  // The outlet knows of the inlet a moment later than the inlet itself.
  for (let heard; heard === undefined; heard = await inlet.pullSample(0.2)) await markers.push('ready')
  while ((await inlet.pullSample(0.2)) !== undefined);
  const atMs = performance.now()
  const expected = dareplane.localClock()
  const first = markers.push('one', atMs)
  sockets[0]?.terminate()
  const rest = ['two', 'three'].map(text => markers.push(text))
  await Promise.all([first, ...rest])
  const got: { text: string; timestamp: number }[] = []
  while (got.length < 3) {
    const sample = await inlet.pullSample(30)
    if (sample) got.push({ text: String(sample.values[0]), timestamp: sample.timestamp })
  }
  t.same(
    got.map(({ text }) => text),
    ['one', 'two', 'three'],
  )
  t.ok(Math.abs((got[0]?.timestamp ?? NaN) - expected) < 0.05, 'the stamp is that of the event')
  t.equal(await inlet.pullSample(0.2), undefined, 'none came twice')
  t.equal(markers.pending, 0)
})

t.test('a page without a view is told in time', async t => {
  await t.rejects(connect('ws://127.0.0.1:1/ws', { ...options, timeoutS: 0.1 }), /no view answers/)
})
