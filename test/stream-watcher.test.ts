import './support/loopback.js'
import { uniqueName } from './support/loopback.js'
import t from 'tap'
import { StreamInfo } from '../src/lsl/stream-info.js'
import { StreamOutlet } from '../src/lsl/stream-outlet.js'
import { StreamWatcher } from '../src/stream-watcher.js'

const ROWS = 100

t.test('every frame arrives once, in order, and the window is a view of the newest', async t => {
  const name = uniqueName('eeg')
  await using outlet = new StreamOutlet(
    new StreamInfo({
      name,
      type: 'EEG',
      channelCount: 2,
      nominalSrate: 100,
      channels: [{ label: 'C3' }, { label: 'C4' }],
    }),
  )
  await using watcher = new StreamWatcher({ name, bufferSizeS: 0.5 })
  await watcher.connectToStream()
  t.equal(watcher.state, 'connected')
  t.same(watcher.channelNames, ['C3', 'C4'])
  await outlet.waitForConsumers(5)
  const data = Float32Array.from({ length: ROWS * 2 }, (_, i) => i)
  const times = Float64Array.from({ length: ROWS }, (_, i) => 1000 + i / 100)
  outlet.pushChunk(data, times)
  const got: number[] = []
  const stamps: number[] = []
  for await (const window of watcher.windows()) {
    got.push(...(window.data as Float32Array))
    stamps.push(...window.times)
    t.equal(window.lost, 0)
    t.ok(window.isIntact())
    if (stamps.length === ROWS) break
  }
  t.same(got, [...data])
  t.same(stamps, [...times])
  t.equal(watcher.nNew, 0)
  t.equal(watcher.update(), ROWS)
  t.equal(watcher.nNew, ROWS)
  t.same(watcher.unfoldBuffer(), data.slice(-100))
  t.same(watcher.unfoldBufferT(), times.slice(-50))
  t.equal((watcher.unfoldBuffer() as Float32Array).buffer, watcher.share().data, 'no copy')
  t.equal(watcher.takeNew().frames, 50)
  t.equal(watcher.nNew, 50, 'what did not fit in one window')
  t.equal(watcher.takeNew().frames, 50)
  t.equal(watcher.nNew, 0)
  t.equal(watcher.takeNew().frames, 0)
  t.equal(watcher.lastT, times.at(-1))
  t.match(watcher.stats, { frames: ROWS, lost: 0, gaps: 0, engine: 'liblsl' })
  await watcher.disconnect()
  await watcher.disconnect()
  t.equal(watcher.state, 'disconnected')
})
