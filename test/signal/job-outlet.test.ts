import { uniqueName } from '../support/loopback.js'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t, { type Test } from 'tap'
import { resolveByProp } from '../../src/lsl/resolve.js'
import { StreamInlet } from '../../src/lsl/stream-inlet.js'
import type { StreamInfoOptions } from '../../src/lsl/stream-info.js'
import { JobOutlet } from '../../src/signal/jobs/job-outlet.js'
import { OutletWriter } from '../../src/signal/jobs/outlet-writer.js'
import { startFixture } from '../support/child.js'
import { ENGINES } from '../support/lsl/engines.js'
import { fixture } from '../support/project.js'

const alive = setInterval(() => undefined, 1000)
t.teardown(() => clearInterval(alive))

/** The ways in which what jobs write is sent. */
const WAYS = [
  ...ENGINES.map(engine => ({ way: engine, options: { engine } })),
  { way: 'builtin, by the thread of the module', options: { engine: 'builtin', networkThread: false } },
] as const

function make(t: Test, options: { engine: 'builtin' | 'liblsl' }, info: Partial<StreamInfoOptions> = {}): JobOutlet {
  const outlet = new JobOutlet({ name: uniqueName('job'), channelCount: 1, nominalSrate: 100, ...info }, options)
  t.teardown(() => outlet.close())
  return outlet
}

async function inletOn(t: Test, name: string): Promise<StreamInlet> {
  const [info] = await resolveByProp('name', name, { engine: 'builtin', timeoutS: 20 })
  const inlet = new StreamInlet(info!, { engine: 'builtin' })
  t.teardown(() => inlet.close())
  await inlet.open(20)
  return inlet
}

async function subscribed(t: Test, outlet: JobOutlet): Promise<StreamInlet> {
  const inlet = await inletOn(t, outlet.info.name)
  while (!outlet.haveConsumers) await new Promise(setImmediate)
  return inlet
}

function worker(t: Test, file: string, workerData: unknown): Worker {
  const thread = new Worker(fixture(file), { workerData })
  t.teardown(() => thread.terminate())
  return thread
}

/** Values until `isLast`, or until nothing has come for 20 s. */
async function valuesUntil(inlet: StreamInlet, isLast: (value: unknown) => boolean): Promise<unknown[]> {
  const values: unknown[] = []
  while (values.length === 0 || !isLast(values.at(-1))) {
    const { data, frames } = await inlet.pullChunk({ timeoutS: 20 })
    if (frames === 0) break
    values.push(...(data as Iterable<unknown>))
  }
  return values
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

for (const engine of ENGINES)
  t.test(
    `while the thread of the module is blocked its outlet is found and a job's samples reach ${engine}`,
    async t => {
      const outlet = make(t, { engine: 'builtin' })
      const words = new Int32Array(new SharedArrayBuffer(8))
      const values = new Float32Array(new SharedArrayBuffer(4 * 500))
      worker(t, 'signal/receive.js', { name: outlet.info.name, engine, count: 500, words, values })
      worker(t, 'signal/write.js', { outlet: outlet.share(), count: 500, words })
      t.not(Atomics.wait(words, 1, 0, 60_000), 'timed-out')
      t.same([...values], upTo(500))
      t.equal(outlet.lost, 0)
    },
  )

for (const { way, options } of WAYS) {
  t.test(`${way}: what was written is sent, before the outlet is closed at the latest, strings too`, async t => {
    for (const channelFormat of ['int32', 'string'] as const) {
      const outlet = make(t, options, { channelFormat })
      const [found] = await resolveByProp('name', outlet.info.name, { engine: 'builtin', timeoutS: 20 })
      t.equal(found?.uid, outlet.info.uid)
      const inlet = await subscribed(t, outlet)
      const writer = new OutletWriter(outlet.share())
      for (const value of upTo(50))
        if (channelFormat === 'string') writer.pushSample([String(value)], 7000 + value)
        else writer.pushSample([value], 7000 + value)
      // liblsl drops what it still holds when its outlet is closed.
      const closed = options.engine === 'liblsl' ? undefined : outlet.close()
      const values = await valuesUntil(inlet, last => String(last) === '50')
      t.same(values.map(String), upTo(50).map(String))
      await closed
      await outlet.close()
      t.equal(outlet.lost, 0)
      t.equal(outlet.haveConsumers, false)
    }
  })

  t.test(`${way}: what was overwritten before it was sent is counted`, async t => {
    const outlet = make(t, options)
    const writer = new OutletWriter(outlet.share())
    const frames = 50_000
    let written = 0
    // A network thread that has just been started reads nothing yet, one that is up is overtaken some time.
    do {
      writer.pushChunk(new Float32Array(frames), new Float64Array(frames).fill(1))
      written += frames
      await new Promise(setImmediate)
    } while (outlet.lost === 0 && written < 1e8)
    t.ok(outlet.lost > 0 && outlet.lost < written, `${outlet.lost} of ${written}`)
  })
}

t.test('a job that is ended while it writes does no harm', async t => {
  const outlet = make(t, { engine: 'builtin' })
  const inlet = await subscribed(t, outlet)
  for (let kills = 0; kills < 5; kills++) {
    const job = worker(t, 'signal/write.js', { outlet: outlet.share() })
    // It writes.
    t.ok((await inlet.pullChunk({ timeoutS: 20 })).frames > 0)
    await job.terminate()
    new OutletWriter(outlet.share()).pushSample([-1], 1)
    t.equal((await valuesUntil(inlet, value => value === -1)).at(-1), -1, 'the next one is heard')
  }
  await outlet.close()
})

for (const end of ['by itself', 'exit'])
  t.test(`a module that ends without closing its outlet (${end}) has sent what its job wrote`, async t => {
    const name = uniqueName('job')
    const child = startFixture('signal/last-words.js', name, end)
    const exited = once(child, 'exit')
    const inlet = await inletOn(t, name)
    t.same(await valuesUntil(inlet, value => value === 3000), upTo(3000))
    t.same(await exited, [0, null], 'and it ends')
  })

t.test('the end of the network thread is an error for the module and for its jobs', async t => {
  const started = once(process, 'worker') as Promise<[Worker]>
  const outlet = make(t, { engine: 'builtin' })
  const writer = new OutletWriter(outlet.share())
  const [thread] = await started
  // It is up.
  await resolveByProp('name', outlet.info.name, { engine: 'builtin', timeoutS: 20 })
  const exited = once(thread, 'exit')
  await thread.terminate()
  await exited
  t.throws(() => outlet.haveConsumers, { code: 'ERR_WORKER_FAILED', message: /exit code 1; make a new outlet/ })
  t.throws(() => writer.pushSample([1]), { code: 'ERR_WORKER_FAILED', message: /exit code 1; make a new outlet/ })
  await outlet.close()
  await outlet.close()
  const next = make(t, { engine: 'builtin' })
  const inlet = await subscribed(t, next)
  new OutletWriter(next.share()).pushSample([1], 2)
  t.same(await valuesUntil(inlet, value => value === 1), [1])
})

t.test('a stamp that is no number is refused where it is pushed', async t => {
  const writer = new OutletWriter(make(t, { engine: 'builtin' }).share())
  t.throws(() => writer.pushSample([1], NaN), {
    name: 'RangeError',
    message: /^timestamps\[0\] must be LSL clock seconds/,
  })
  t.throws(() => writer.pushChunk([1, 2], Float64Array.of(1, Infinity)), {
    name: 'RangeError',
    message: /^timestamps\[1\]/,
  })
})
