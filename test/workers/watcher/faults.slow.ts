import '../../support/loopback.js'
import { uniqueName } from '../../support/loopback.js'
import t, { type Test } from 'tap'
import type { ChildProcess } from 'node:child_process'
import { kill, lineOf, startFixture } from '../../support/child.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../../src/lsl/stream-outlet.js'
import { StreamWatcher } from '../../../src/stream-watcher.js'
import type { WatcherEvents } from '../../../src/workers/watcher/watcher-api.js'
import { inTime } from '../../support/in-time.js'

async function outlet(t: Test, options: object): Promise<ChildProcess> {
  const child = startFixture('lsl/outlet.js', JSON.stringify(options))
  t.teardown(() => kill(child))
  await lineOf(child, 'ready')
  return child
}

function event<Name extends keyof WatcherEvents>(watcher: StreamWatcher, name: Name): Promise<WatcherEvents[Name][0]> {
  return new Promise(resolve => {
    const heard = (...[detail]: WatcherEvents[Name]): void => {
      watcher.off(name, heard)
      resolve(detail)
    }
    watcher.on(name, heard)
  })
}

async function firstFrames(watcher: StreamWatcher, frames: number): Promise<void> {
  let seen = 0
  for await (const window of watcher.windows()) if ((seen += window.frames) >= frames) break
}

t.test('an outlet that is killed and comes back is lost, then recovered, with the gap reported', async t => {
  const stream = { name: uniqueName('killed'), sourceId: uniqueName('device') }
  const first = await outlet(t, stream)
  await using watcher = new StreamWatcher({ name: stream.name })
  await watcher.connectToStream()
  await firstFrames(watcher, 50)

  const lost = event(watcher, 'lost')
  await kill(first)
  t.match((await lost).reason, stream.name)
  t.equal(watcher.state, 'lost')
  const before = watcher.stats.frames
  t.ok(watcher.latest(10).frames === 10, 'what came before stays readable')

  const recovered = event(watcher, 'recovered')
  await outlet(t, stream)
  const { after, reconnections, gapS, gapFrames } = await recovered
  t.equal(after, 'lost')
  t.equal(reconnections, 1)
  t.ok(gapS > 0 && gapFrames === Math.round(gapS * 100), `gap of ${gapS} s, ${gapFrames} frames`)
  t.equal(watcher.state, 'connected')
  await firstFrames(watcher, before + 20)
  t.ok(watcher.stats.gapFrames >= gapFrames)
})

t.test('an outlet that is stopped is stalled, and recovered when it goes on', async t => {
  const stream = { name: uniqueName('stopped') }
  const child = await outlet(t, stream)
  await using watcher = new StreamWatcher({ name: stream.name })
  await watcher.connectToStream()
  await firstFrames(watcher, 100)
  const stalled = event(watcher, 'stalled')
  child.kill('SIGSTOP')
  const { ageS } = await stalled
  t.ok(ageS >= 0.25, `noticed after ${ageS} s`)
  inTime(t, 'noticed', ageS * 1000, 300)
  t.equal(watcher.state, 'stalled')
  const recovered = event(watcher, 'recovered')
  child.kill('SIGCONT')
  t.match(await recovered, { after: 'stalled', reconnections: 0 })
})

t.test('a stream that comes back with another shape is incompatible, and a new connection reads it', async t => {
  const stream = { name: uniqueName('reshaped'), sourceId: uniqueName('device') }
  const first = await outlet(t, stream)
  await using watcher = new StreamWatcher({ name: stream.name })
  await watcher.connectToStream()
  await firstFrames(watcher, 20)
  const incompatible = event(watcher, 'incompatible')
  await kill(first)
  await outlet(t, { ...stream, channelCount: 5 })
  t.match(await incompatible, { expected: '2 x float32 at 100 Hz', found: '5 x float32 at 100 Hz' })
  t.equal(watcher.state, 'incompatible')
  await watcher.disconnect()
  await watcher.connectToStream()
  t.equal(watcher.info.channelCount, 5)
  await firstFrames(watcher, 20)
})

t.test('a stream without a source id is recovered by name, type and host', async t => {
  const stream = { name: uniqueName('anonymous'), sourceId: '' }
  const first = await outlet(t, stream)
  await using watcher = new StreamWatcher({ name: stream.name })
  await watcher.connectToStream()
  await firstFrames(watcher, 20)
  const recovered = event(watcher, 'recovered')
  await kill(first)
  await outlet(t, stream)
  t.match(await recovered, { after: 'lost', reconnections: 1 })
})

t.test('a second stream of the name that comes just after connecting is told, and the first stays', async t => {
  const info = new StreamInfo({ name: uniqueName('late twin'), channelCount: 1, sourceId: 'first' })
  await using _first = new StreamOutlet(info)
  await using watcher = new StreamWatcher({ name: info.name })
  const told = event(watcher, 'ambiguous')
  await watcher.connectToStream()
  await using _second = new StreamOutlet(new StreamInfo({ ...info.fields, sourceId: 'second' }))
  t.match(await told, { candidates: [/first/, /second/] })
  t.equal(watcher.state, 'connected')
  t.equal(watcher.info.sourceId, 'first')
})

t.test('absent and ambiguous streams are errors that say what is there', async t => {
  const stream = { name: uniqueName('twins') }
  await Promise.all([outlet(t, { ...stream, sourceId: 'one' }), outlet(t, { ...stream, sourceId: 'two' })])
  await using watcher = new StreamWatcher({ name: stream.name })
  await t.rejects(watcher.connectToStream(), { code: 'ERR_STREAM_AMBIGUOUS', message: /one.*two|two.*one/ })
  t.equal(watcher.state, 'idle')
  await t.rejects(watcher.connectToStream({ name: 'nobody', timeoutS: 0.5 }), {
    code: 'ERR_STREAM_NOT_FOUND',
    // Beside the streams of other tests it may be one of those that are only counted.
    message: new RegExp(`nobody.*visible are .*(${stream.name}|; \\d+ more)`),
  })
  await watcher.connectToStream({ name: stream.name, sourceId: 'two' })
  t.equal(watcher.info.sourceId, 'two')
})
