import './support/loopback.js'
import { uniqueName } from './support/loopback.js'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { kill, lineOf, startFixture } from './support/child.js'
import { event, events } from './support/watcher-events.js'
import { StreamInfo } from '../src/lsl/stream-info.js'
import { StreamOutlet } from '../src/lsl/stream-outlet.js'
import type { Window } from '../src/ring/window.js'
import { StreamWatcher } from '../src/stream-watcher.js'
import type { ConnectOptions } from '../src/workers/watcher/stream-identifier.js'

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
  await outlet.waitForConsumers(30)
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
  t.match(watcher.stats, { frames: ROWS, lost: 0, gaps: 0, engine: process.env['DAREPLANE_ENGINE'] ?? 'liblsl' })
  await watcher.disconnect()
  await watcher.disconnect()
  t.equal(watcher.state, 'disconnected')
})

async function all(windows: AsyncIterable<Window>): Promise<Window[]> {
  const taken: Window[] = []
  for await (const window of windows) taken.push(window)
  return taken
}

function outletOf(name: string, options: object = {}): StreamOutlet {
  return new StreamOutlet(new StreamInfo({ name, type: 'Test', channelCount: 1, nominalSrate: 100, ...options }))
}

t.test('a worker reads the same memory, to the last frame', async t => {
  const name = uniqueName('shared')
  await using outlet = outletOf(name)
  await using watcher = new StreamWatcher({ name })
  await watcher.connectToStream()
  const worker = new Worker(new URL('./fixtures/watcher/ring-sum.worker.js', import.meta.url), {
    workerData: watcher.share(),
  })
  const told = once(worker, 'message')
  await outlet.waitForConsumers(30)
  outlet.pushChunk(Float32Array.from({ length: ROWS }, (_, i) => i))
  for await (const window of watcher.windows({ minFrames: ROWS })) {
    t.equal(window.frames, ROWS)
    break
  }
  await watcher.disconnect()
  t.same(await told, [{ frames: ROWS, lost: 0, sum: (ROWS * (ROWS - 1)) / 2, closed: true }])
})

t.test('markers arrive as rows of strings', async t => {
  const name = uniqueName('markers')
  await using outlet = outletOf(name, { nominalSrate: 0, channelFormat: 'string', channelCount: 2 })
  await using watcher = new StreamWatcher<string[][]>({ name })
  await watcher.connectToStream()
  await outlet.waitForConsumers(30)
  outlet.pushSample(['go', ''], 5)
  outlet.pushSample(['µ😀', 'x'.repeat(70_000)], 6)
  const rows: unknown[] = []
  for await (const { data, times } of watcher.windows()) {
    rows.push(...data.map((row, index) => [times[index], ...row]))
    if (rows.length === 2) break
  }
  t.same(rows, [
    [5, 'go', ''],
    [6, 'µ😀', 'x'.repeat(70_000)],
  ])
})

t.test('windows end when they are aborted and when the watcher disconnects', async t => {
  const name = uniqueName('ends')
  await using _outlet = outletOf(name)
  await using watcher = new StreamWatcher({ name })
  await watcher.connectToStream()
  const abort = new AbortController()
  const aborted = all(watcher.windows({ signal: abort.signal }))
  const closed = all(watcher.windows())
  abort.abort()
  t.same(await aborted, [])
  await watcher.disconnect()
  t.same(await closed, [])
})

t.test('a watcher whose thread dies fails alone: readers wake, the event tells, a new connection works', async t => {
  const child = startFixture('watcher/dying-watcher.js', uniqueName('dies'))
  t.teardown(() => kill(child))
  t.match(JSON.parse(await lineOf(child, '{')), {
    reason: /exit code/,
    state: 'failed',
    windows: 'ERR_WORKER_FAILED',
    kept: 1,
    again: [2],
  })
})

t.test('disconnecting while it is still looking for the stream ends the search', async t => {
  const watcher = new StreamWatcher({ name: uniqueName('absent') })
  const connecting = watcher.connectToStream({ timeoutS: 600 })
  const ended = t.rejects(connecting, { code: 'ERR_CLOSED' })
  await watcher.disconnect()
  await ended
})

t.test('the name of the watcher stays part of the search, and what narrows it is not dropped', async t => {
  const name = uniqueName('named')
  await using _outlet = outletOf(name, { type: 'EEG', sourceId: 'amplifier' })
  const search = (watcher: string, options: ConnectOptions): Promise<StreamWatcher> =>
    new StreamWatcher({ name: watcher }).connectToStream({ timeoutS: 5, ...options })
  const other = uniqueName('other')
  for (const options of [{ sourceId: 'amplifier' }, { predicate: 'channel_count>0' }])
    await t.rejects(search(other, { ...options, timeoutS: 0.2 }), {
      code: 'ERR_STREAM_NOT_FOUND',
      message: new RegExp(`^no stream with name='${other}' and `),
    })
  await (await search(other, { name, type: 'EEG', sourceId: 'amplifier' })).disconnect()
  await (await search('any', { name: null, predicate: `starts-with(name, '${name}')` })).disconnect()
  await t.rejects(search(name, { sourceId: 'another', timeoutS: 0.2 }), { code: 'ERR_STREAM_NOT_FOUND' })
})

t.test('what is no way to say which stream is refused, not overlooked', async t => {
  const watcher = new StreamWatcher({ name: uniqueName('absent') })
  for (const [options, message] of [
    [{ timeout: 10 }, "connectToStream: unknown option 'timeout', did you mean 'timeoutS'?"],
    [{ source_id: 'x' }, "connectToStream: unknown option 'source_id', did you mean 'sourceId'?"],
    [
      'name',
      'connectToStream takes its options as one object: connectToStream({ name: \'EEG\', timeoutS: 10 }), got "name"',
    ],
    [{ name: '' }, 'name must be a non-empty string, got ""'],
    [{ timeoutS: -1 }, 'timeoutS must be seconds of 0 or more, or Infinity, got -1'],
  ] as const)
    await t.rejects(watcher.connectToStream(options as ConnectOptions), { message })
  t.equal(watcher.state, 'idle')
})

t.test('a signal ends the search for the stream', async t => {
  const watcher = new StreamWatcher({ name: uniqueName('absent') })
  const controller = new AbortController()
  const connecting = watcher.connectToStream({ timeoutS: Infinity, signal: controller.signal })
  const ended = t.rejects(connecting, { message: 'enough' })
  controller.abort(new Error('enough'))
  await ended
  t.equal(watcher.state, 'idle')
  await t.rejects(watcher.connectToStream({ signal: AbortSignal.abort() }), { name: 'AbortError' })
})

t.test('once hears one event, and an event that does not exist is refused', async t => {
  const name = uniqueName('once')
  await using outlet = outletOf(name)
  await using watcher = new StreamWatcher({ name, bufferSamples: 1, holdS: 0 })
  let always = 0
  let once = 0
  watcher.on('lapped', () => always++).once('lapped', () => once++)
  await watcher.connectToStream()
  await outlet.waitForConsumers(30)
  for (const round of [1, 2]) {
    outlet.pushChunk(new Float32Array(400 * outlet.info.channelCount))
    while (watcher.stats.frames < 400 * round) await new Promise(setImmediate)
    watcher.takeNew()
  }
  t.same([always, once], [2, 1])
  t.throws(() => watcher.on('loss' as 'lost', () => undefined), {
    message: /^event must be one of 'stalled', .*"loss"/,
  })
  t.throws(() => watcher.once('lost', undefined as never), { message: 'listener must be a function, got undefined' })
})

t.test('mistakes of the caller name the option and the value', async t => {
  for (const [options, message] of [
    [{ name: '' }, /name.*""/],
    [{ name: 'x', bufferSizeS: 0 }, /bufferSizeS.*0/],
    [{ name: 'x', bufferSizeS: NaN }, /bufferSizeS.*NaN/],
    [{ name: 'x', bufferSamples: 1.5 }, /bufferSamples.*1.5/],
    [{ name: 'x', holdS: -1 }, /holdS.*-1/],
    [{ name: 'x', engine: 'other' as never }, /engine.*"other"/],
    [{ name: 'x', isolation: 'thred' as never }, /isolation must be one of 'thread', 'process', got "thred"/],
    [{ name: 'x', processing: { clock_sync: true } as never }, /'processing.clock_sync', did you mean/],
    [{ name: 'x', buffer_size_s: 10 } as never, /'buffer_size_s', did you mean 'bufferSizeS'/],
    ['x' as never, /new StreamWatcher\(\{ name: 'EEG'/],
  ] as const)
    t.throws(() => new StreamWatcher(options), { message })
  const watcher = new StreamWatcher({ name: 'x' })
  t.throws(() => watcher.unfoldBuffer(), { code: 'ERR_NOT_CONNECTED' })
  t.equal(watcher.state, 'idle')
  await watcher.disconnect()
  await t.rejects(new StreamWatcher({ name: 'x', library: '/no/such/liblsl.so' }).connectToStream(), {
    code: 'ERR_LIBLSL_NOT_FOUND',
    message: /\/no\/such\/liblsl.so/,
  })
})

t.test('a stream that is stamped with Unix time is told, once, by event and in the stats', async t => {
  const name = uniqueName('unix')
  const outlet = new StreamOutlet(new StreamInfo({ name, channelCount: 1, nominalSrate: 100, sourceId: name }))
  t.teardown(() => outlet.close())
  await using watcher = new StreamWatcher({ name, bufferSizeS: 1 })
  const told = events(watcher, 'foreignClock')
  const first = event(watcher, 'foreignClock')
  await watcher.connectToStream()
  // It is known only when the offset of the sender's clock has been measured.
  const sending = setInterval(() => outlet.pushSample([1], Date.now() / 1000), 10)
  t.teardown(() => clearInterval(sending))
  const { clock, ageS } = await first
  t.equal(clock, 'unix')
  t.ok(ageS < 0, 'as if of the far future')
  t.equal(watcher.stats.foreignClock, 'unix')
  const { frames } = watcher.stats
  while (watcher.stats.frames < frames + 20) await new Promise(setImmediate)
  t.equal(told.length, 1)
})
