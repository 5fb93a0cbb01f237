import '../../support/loopback.js'
import t from 'tap'
import type { Test } from 'tap'
import { localClock } from '../../../src/clock.js'
import type { EngineInlet, EngineOutlet, TimeCorrection } from '../../../src/lsl/engine.js'
import { FrameBuffer, StringBuffer } from '../../../src/lsl/frame-buffer.js'
import { engineStream } from '../../support/lsl/engine-stream.js'
import { kill, lineOf, startFixture } from '../../support/child.js'
import { chooseEngine } from '../../../src/lsl/choose-engine.js'
import { uniqueName } from '../../support/loopback.js'
import { OLD_LIBRARY, needsLiblsl, needsOldLiblsl, wheelLibrary } from '../../support/lsl/libraries.js'

const current = wheelLibrary()
const needsCurrent = { skip: current === undefined && 'no current liblsl: npm run test:interop installs one' }

/** The longest that anything may keep the thread. */
const LONGEST_CALL_MS = 100
/** On top of it: what a busy machine takes from a test. */
const SLACK_MS = 60

async function connected(outlet: EngineOutlet, inlet: EngineInlet): Promise<void> {
  await inlet.open(10)
  while (!outlet.haveConsumers) await new Promise(setImmediate)
}

async function pullAll(inlet: EngineInlet, sink: FrameBuffer, frames: number): Promise<number[]> {
  const values: number[] = []
  while (values.length < frames * sink.channels) {
    const pulled = await inlet.pull(sink, 50)
    for (const value of sink.samples.subarray(0, pulled * sink.channels)) values.push(Number(value))
  }
  return values
}

const counting = (frames: number, channels = 2): Float32Array =>
  Float32Array.from({ length: frames * channels }, (_, i) => i)
const stamps = (frames: number): Float64Array => Float64Array.from({ length: frames }, (_, i) => 10 + i / 100)

t.test(
  'a pull takes all that is there, at most as much as the sink holds, and answers how many frames',
  needsLiblsl(),
  async t => {
    const { outlet, inlet } = await engineStream(t)
    await connected(outlet, inlet)
    t.equal(inlet.samplesAvailable(), 0)
    outlet.push(counting(25), 25, stamps(25), true)
    const sink = new FrameBuffer('float32', 2, 10)
    const values: number[] = []
    const times: number[] = []
    while (times.length < 25) {
      const frames = await inlet.pull(sink, 50)
      if (frames > 10) return t.fail(`${frames} frames in a sink of 10`)
      values.push(...Array.from(sink.samples.subarray(0, frames * 2), Number))
      times.push(...sink.times.subarray(0, frames))
    }
    t.same(values, [...counting(25)])
    t.same(times, [...stamps(25)])
    t.equal(await inlet.pull(sink, 0), 0)
  },
)

t.test('what waits is counted, and taken in one pull', needsCurrent, async t => {
  const { outlet, inlet } = await engineStream(t, {}, {}, current)
  await connected(outlet, inlet)
  outlet.push(counting(25), 25, stamps(25), true)
  while (inlet.samplesAvailable() < 25) await new Promise(setImmediate)
  const sink = new FrameBuffer('float32', 2, 20)
  t.same([await inlet.pull(sink, 0), await inlet.pull(sink, 0), await inlet.pull(sink, 0)], [20, 5, 0])
})

t.test('a sink of one frame is served too', needsLiblsl(), async t => {
  const { outlet, inlet } = await engineStream(t)
  await connected(outlet, inlet)
  outlet.push(counting(3), 3, stamps(3), true)
  t.same(await pullAll(inlet, new FrameBuffer('float32', 2, 1), 3), [0, 1, 2, 3, 4, 5])
})

t.test('the queue keeps as many frames as asked for, the newest', needsCurrent, async t => {
  const { outlet, inlet } = await engineStream(t, {}, { queueFrames: 50 }, current)
  await connected(outlet, inlet)
  outlet.push(counting(10_000), 10_000, stamps(10_000), true)
  const sink = new FrameBuffer('float32', 2, 10_000)
  let most = 0
  const kept: number[] = []
  while (kept.at(-1) !== 19_999) {
    // Only when it is full, so that the queue has to drop.
    let waiting = inlet.samplesAvailable()
    for (; waiting < 50; waiting = inlet.samplesAvailable()) await new Promise(setImmediate)
    // Asked once more it may be 49, between a drop and what takes its place.
    most = Math.max(most, waiting)
    const frames = await inlet.pull(sink, 0)
    kept.push(...Array.from(sink.samples.subarray(0, frames * 2), Number))
  }
  t.equal(most, 50)
  t.ok(kept.every((value, i) => i === 0 || value > kept[i - 1]!))
})

t.test('flushing drops what waits and says how much', needsCurrent, async t => {
  const { outlet, inlet } = await engineStream(t, {}, {}, current)
  await connected(outlet, inlet)
  outlet.push(counting(20), 20, stamps(20), true)
  while (inlet.samplesAvailable() < 20) await new Promise(setImmediate)
  t.equal(inlet.flush(), 20)
  t.equal(inlet.samplesAvailable(), 0)
  outlet.push(Float32Array.of(7, 8), 1, 99, true)
  t.same(await pullAll(inlet, new FrameBuffer('float32', 2, 10), 1), [7, 8])
})

t.test('what liblsl 1.10 cannot do is refused, not ignored', needsOldLiblsl(), async t => {
  const { engine, info, inlet } = await engineStream(t, {}, {}, OLD_LIBRARY)
  const options = { queueFrames: 100, recover: false }
  for (const processing of [{ clockSync: true }, { dejitter: true }, { monotonize: true }]) {
    await t.rejects(engine.createInlet(info, { ...options, processing }), {
      code: 'ERR_LIBLSL_UNSUPPORTED',
      message: /lsl_set_postprocessing/,
    })
  }
  t.throws(() => inlet.flush(), { code: 'ERR_LIBLSL_UNSUPPORTED', message: /lsl_inlet_flush/ })
})

t.test('post-processing changes the stamps as asked', needsCurrent, async t => {
  const { outlet, inlet } = await engineStream(t, {}, { processing: { monotonize: true } }, current)
  await connected(outlet, inlet)
  outlet.push(counting(3), 3, Float64Array.of(10, 9, 11), true)
  const sink = new FrameBuffer('float32', 2, 10)
  const times: number[] = []
  while (times.length < 3) {
    const frames = await inlet.pull(sink, 50)
    times.push(...sink.times.subarray(0, frames))
  }
  t.same(times, [10, 10, 11])
})

t.test('a sink that is not for the format is refused', needsLiblsl(), async t => {
  const { outlet, inlet } = await engineStream(t, { channelFormat: 'string' })
  await connected(outlet, inlet)
  t.throws(() => inlet.pull(new FrameBuffer('float32', 2, 10), 0), TypeError)
  outlet.pushStrings(['a', 'µ\0'], 5, true)
  const rows = new StringBuffer(2, 10)
  while ((await inlet.pull(rows, 50)) === 0);
  t.same(rows.rows, [['a', 'µ\0']])
})

t.test(
  'without recovery a stream that is gone is ERR_STREAM_LOST, in a pull and in every call after it',
  needsLiblsl(),
  async t => {
    const name = uniqueName('gone')
    const child = startFixture('lsl/outlet.js', JSON.stringify({ name }))
    t.teardown(() => kill(child))
    await lineOf(child, 'ready')
    const engine = chooseEngine({ engine: 'liblsl' })
    const [info] = await engine.resolve(`name='${name}'`, { minimum: 1, timeoutS: 10 })
    const inlet = await engine.createInlet(info!, { queueFrames: 1000, recover: false, processing: {} })
    t.teardown(() => inlet.close())
    await inlet.open(10)
    const sink = new FrameBuffer('float32', 2, 100)
    await pullAll(inlet, sink, 5)
    await kill(child)
    const lost = { code: 'ERR_STREAM_LOST', message: new RegExp(name) }
    const end = localClock() + 30
    await t.rejects(async () => {
      while (localClock() < end) await inlet.pull(sink, 50)
    }, lost)
    await t.rejects(async () => inlet.pull(sink, 0), lost)
    await t.rejects(
      engine.createInlet(info!, { queueFrames: 1000, recover: false, processing: {} }),
      lost,
      'nor a new inlet',
    )
  },
)

t.test('an outlet that does not answer makes opening end at its time limit', needsLiblsl(), async t => {
  const name = uniqueName('deaf')
  const child = startFixture('lsl/outlet.js', JSON.stringify({ name }))
  t.teardown(() => kill(child))
  await lineOf(child, 'ready')
  const engine = chooseEngine({ engine: 'liblsl' })
  const [info] = await engine.resolve(`name='${name}'`, { minimum: 1, timeoutS: 10 })
  const inlet = await engine.createInlet(info!, { queueFrames: 1000, recover: false, processing: {} })
  child.kill('SIGSTOP')
  const start = performance.now()
  await t.rejects(inlet.open(0.3), { code: 'ERR_TIMEOUT', message: new RegExp(`${name}.*0\\.3 s`) })
  const took = performance.now() - start
  t.ok(took >= 290 && took < 3000, `after ${took} ms`)
  child.kill('SIGCONT')
  await inlet.close()
})

t.test('closing while it opens ends the opening and then releases all, once', needsLiblsl(), async t => {
  const { inlet } = await engineStream(t)
  const opening = inlet.open(30)
  const closing = inlet.close()
  t.equal(inlet.close(), closing)
  await t.rejects(opening, { code: 'ERR_CLOSED' })
  await closing
})

t.test('a closed inlet answers nothing and touches nothing', needsLiblsl(), async t => {
  const { outlet, inlet } = await engineStream(t)
  await connected(outlet, inlet)
  await inlet.close()
  t.equal(await inlet.pull(new FrameBuffer('float32', 2, 10), 0), 0)
  t.equal(inlet.samplesAvailable(), 0)
  t.equal(inlet.flush(), 0)
  t.equal(inlet.timeCorrection(), undefined)
  await t.rejects(inlet.open(1), { code: 'ERR_CLOSED' })
})

/** The longest time that `body` kept the thread, sampled by a timer that should fire every millisecond. */
async function longestBlock(body: () => Promise<unknown>): Promise<number> {
  let last = performance.now()
  let longest = 0
  const look = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(look, 1)
  await body()
  look()
  clearInterval(timer)
  return longest
}

async function wholeLife({ engine, info, outlet }: Awaited<ReturnType<typeof engineStream>>): Promise<void> {
  await engine.resolve(`name='nobody'`, { minimum: 1, timeoutS: 0.2 })
  const inlet = await engine.createInlet(info, { queueFrames: 1000, recover: false, processing: {} })
  await connected(outlet, inlet)
  await inlet.pull(new FrameBuffer('float32', 2, 10), 60_000)
  await new Promise(setImmediate)
  while (inlet.timeCorrection() === undefined) await new Promise(setImmediate)
  await inlet.close()
}

async function neverBlocks(t: Test, library: string): Promise<void> {
  const stream = await engineStream(t, {}, {}, library)
  const limit = LONGEST_CALL_MS + SLACK_MS
  const blocks: number[] = []
  // A busy machine may hold us up, but not every time; a call that blocks does it every time.
  while (!blocks.some(ms => ms < limit) && blocks.length < 5) blocks.push(await longestBlock(() => wholeLife(stream)))
  t.ok(
    blocks.some(ms => ms < limit),
    `the thread was kept for at most ${blocks.map(ms => ms.toFixed(1)).join(', ')} ms`,
  )
}

t.test('from resolving to closing no call takes longer than 100 ms on liblsl 1.10', needsOldLiblsl(), async t =>
  neverBlocks(t, OLD_LIBRARY),
)
t.test('nor on a current liblsl', needsCurrent, async t => neverBlocks(t, current!))

t.test('the first clock offset of a stream on the same machine is next to nothing', needsLiblsl(), async t => {
  const { inlet } = await engineStream(t)
  await inlet.open(10)
  let correction: TimeCorrection | undefined
  while ((correction = inlet.timeCorrection()) === undefined) await new Promise(setImmediate)
  const { offsetS, uncertaintyS } = correction
  const bound = Number.isNaN(uncertaintyS) ? 1 : uncertaintyS + 0.001
  t.ok(Math.abs(offsetS) <= bound, `${offsetS} ± ${uncertaintyS} s`)
})
