import { uniqueName } from '../../support/loopback.js'
import { Socket } from 'node:net'
import t from 'tap'
import { builtinEngine } from '../../../src/lsl/builtin/builtin-engine.js'
import type { EngineInlet, EngineOutlet, InletOptions } from '../../../src/lsl/engine.js'
import { FrameBuffer } from '../../../src/lsl/frame-buffer.js'
import { pullWithin } from '../../../src/lsl/pull-waiter.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { inTime } from '../../support/in-time.js'

const engine = builtinEngine()
const OUTLET = { chunkSize: 1, maxBufferedS: 60 }
const INLET: InletOptions = { queueFrames: 1000, recover: true, processing: {} }

function outletOf(name: string, options: { sourceId?: string; channelCount?: number } = {}): EngineOutlet {
  return engine.createOutlet(
    new StreamInfo({ name, type: 'R', channelCount: 1, nominalSrate: 100, ...options }),
    OUTLET,
  )
}

async function inletOn(outlet: EngineOutlet, options: Partial<InletOptions> = {}): Promise<EngineInlet> {
  const [info] = await engine.resolve(`uid='${outlet.info.uid}'`, { minimum: 1, timeoutS: 5 })
  const inlet = await engine.createInlet(info!, { ...INLET, ...options })
  await inlet.open(5)
  return inlet
}

/** The next value, waited for at most 5 s. */
async function next(inlet: EngineInlet): Promise<number | undefined> {
  const sink = new FrameBuffer('float32', 1, 1)
  for (let tries = 0; tries < 50; tries++) if ((await pullWithin(inlet, sink, 100)) > 0) return Number(sink.samples[0])
  return undefined
}

async function consumed(outlet: EngineOutlet): Promise<void> {
  while (!outlet.haveConsumers) await new Promise(setImmediate)
}

t.test('an inlet goes on with the outlet of the same source id, within a second of its return', async t => {
  const name = uniqueName('returns')
  const sourceId = uniqueName('device')
  let outlet = outletOf(name, { sourceId })
  const inlet = await inletOn(outlet)
  t.teardown(() => inlet.close())
  for (let round = 0; round < 3; round++) {
    outlet.push(Float32Array.of(2 * round), 1, 0, true)
    t.equal(await next(inlet), 2 * round)
    // What was still sent before the end is not lost.
    outlet.push(Float32Array.of(2 * round + 1), 1, 0, true)
    await outlet.close()
    t.equal(await next(inlet), 2 * round + 1)
    const start = performance.now()
    outlet = outletOf(name, { sourceId })
    await consumed(outlet)
    inTime(t, 'subscribed again', performance.now() - start, 1000)
  }
  await outlet.close()
})

t.test('without recovery, or without a source id, the end of the outlet is the end of the inlet', async t => {
  for (const [sourceId, recover] of [
    ['', true],
    ['device', false],
  ] as const) {
    const outlet = outletOf(uniqueName('ends'), { sourceId })
    const inlet = await inletOn(outlet, { recover })
    outlet.push(Float32Array.of(7), 1, 0, true)
    const start = performance.now()
    const closing = outlet.close()
    t.equal(await next(inlet), 7, 'what was sent arrives')
    await t.rejects(async () => next(inlet), { code: 'ERR_STREAM_LOST' })
    inTime(t, 'said', performance.now() - start, 500)
    await t.rejects(async () => next(inlet), { code: 'ERR_STREAM_LOST' }, 'and again')
    await closing
    await inlet.close()
  }
})

t.test('a stream that returns in another shape is incompatible', async t => {
  const name = uniqueName('shape')
  const sourceId = uniqueName('device')
  const outlet = outletOf(name, { sourceId })
  const inlet = await inletOn(outlet)
  await outlet.close()
  const other = outletOf(name, { sourceId, channelCount: 2 })
  await t.rejects(async () => next(inlet), { code: 'ERR_STREAM_INCOMPATIBLE', message: /2 x float32/ })
  await other.close()
  await inlet.close()
})

t.test('of several candidates none is taken, until only one is left', async t => {
  const name = uniqueName('two')
  const sourceId = uniqueName('device')
  const outlet = outletOf(name, { sourceId })
  const inlet = await inletOn(outlet)
  // Nothing of the engine keeps the process alive here.
  const alive = setInterval(() => undefined, 1000)
  t.teardown(() => clearInterval(alive))
  const warned = new Promise<Error>(resolve => process.once('warning', resolve))
  const rivals = [outletOf(name, { sourceId }), outletOf(name, { sourceId })]
  // Both are on the network before the inlet begins to look.
  await engine.resolve(`name='${name}'`, { minimum: 3, timeoutS: 5 })
  await outlet.close()
  t.match((await warned).message, /2 streams could be .* none is taken/)
  t.notOk(rivals.some(rival => rival.haveConsumers))
  await rivals[0]!.close()
  await consumed(rivals[1]!)
  rivals[1]!.push(Float32Array.of(9), 1, 0, true)
  t.equal(await next(inlet), 9)
  await rivals[1]!.close()
  await inlet.close()
})

t.test('closing takes less than 50 ms, twice, in a pull, and during recovery', async t => {
  const outlet = outletOf(uniqueName('close'), { sourceId: 'device' })
  const inlets = await Promise.all([inletOn(outlet), inletOn(outlet), inletOn(outlet)])
  const timed = async (what: string, close: () => Promise<void>): Promise<void> => {
    const start = performance.now()
    await close()
    await close()
    inTime(t, what, performance.now() - start, 50)
  }
  await timed('idle inlet', () => inlets[0].close())
  const pulling = pullWithin(inlets[1], new FrameBuffer('float32', 1, 1), 100)
  await timed('inlet in a pull', () => inlets[1].close())
  t.equal(await pulling, 0)
  t.equal(await pullWithin(inlets[1], new FrameBuffer('float32', 1, 1), 100), 0)
  await timed('outlet with an inlet', () => outlet.close())
  t.throws(() => outlet.push(Float32Array.of(1), 1, 0, true), { code: 'ERR_CLOSED' })
  await timed('recovering inlet', () => inlets[2].close())
  const unborn = outletOf(uniqueName('unborn'))
  await timed('outlet that is not bound yet', () => unborn.close())
})

t.test('a connection that is reset, as by the end of a process on Windows, ends a stream too', async t => {
  const outlet = outletOf(uniqueName('reset'), { sourceId: '' })
  const inlet = await inletOn(outlet, { recover: false })
  outlet.push(Float32Array.of(7), 1, 0, true)
  t.equal(await next(inlet), 7)
  const reset = function (this: Socket): Socket {
    return this.resetAndDestroy()
  }
  t.intercept(Socket.prototype, 'end', { value: reset })
  const closing = outlet.close()
  await t.rejects(async () => next(inlet), { code: 'ERR_STREAM_LOST' })
  await closing
  await inlet.close()
})
