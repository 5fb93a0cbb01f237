import { uniqueName } from '../support/loopback.js'
import { promiseHooks } from 'node:v8'
import t from 'tap'
import { builtinEngine } from '../../src/lsl/builtin/builtin-engine.js'
import { PullWaiter } from '../../src/lsl/pull-waiter.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { allocateRing } from '../../src/ring/allocate-ring.js'
import { RingReader } from '../../src/ring/ring-reader.js'
import { StopEvent } from '../../src/stop-event.js'
import { PullLoop } from '../../src/workers/watcher/pull-loop.js'
import { WatcherBoard } from '../../src/workers/watcher/watcher-board.js'

t.test('who waits is called once, by what comes first: a wake, the time, or the end', async t => {
  const waiter = new PullWaiter()
  let calls = 0
  const count = (): number => calls++
  waiter.wait(count, 60_000)
  waiter.wake()
  waiter.wake()
  t.equal(calls, 1, 'at once, and not again')

  waiter.wait(count, 60_000)
  await new Promise<void>(resolve => waiter.wait(resolve, 1))
  t.equal(calls, 1, 'who waited before was replaced')

  waiter.wait(count, 60_000)
  waiter.close()
  waiter.close()
  t.equal(calls, 2)
})

t.test('a watcher on the event loop makes no promise for each pull', async t => {
  const engine = builtinEngine()
  const info = new StreamInfo({ name: uniqueName('pulls'), channelCount: 1, nominalSrate: 0 })
  const outlet = engine.createOutlet(info, { chunkSize: 1, maxBufferedS: 60 })
  t.teardown(() => outlet.close())
  const [found] = await engine.resolve(`uid='${outlet.info.uid}'`, { minimum: 1, timeoutS: 10 })
  if (found === undefined) throw new Error('the outlet is not found')
  const inlet = await engine.createInlet(found, { queueFrames: 100, recover: false, processing: {} })
  await inlet.open(10)
  const ring = allocateRing({ frames: 50, channels: 1, format: 'float32' })
  const reader = RingReader.attach(ring)
  const board = new WatcherBoard()
  const stop = new StopEvent()
  const none = async (): Promise<undefined> => undefined
  const loop = new PullLoop(inlet, { info, ring, queueFrames: 100, board, stop, tell: () => undefined, recover: none })
  const running = loop.run()

  let promises = 0
  const SAMPLES = 300
  const unhook = promiseHooks.createHook({ init: () => promises++ }) as () => void
  // One sample after the other, without a promise of this test's own.
  await new Promise<void>(resolve => {
    let sent = 0
    const next = (): void => {
      if (reader.written() === SAMPLES) resolve()
      else {
        if (reader.written() === sent) outlet.push(Float32Array.of(sent++), 1, 0, true)
        setImmediate(next)
      }
    }
    next()
  })
  unhook()
  stop.set()
  await (await running).close()
  t.equal(board.read().pulls, SAMPLES)
  t.ok(promises < SAMPLES / 2, `${promises} promises`)
})
