import { uniqueName } from '../../../support/loopback.js'
import t, { type Test } from 'tap'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { resolveByProp } from '../../../../src/lsl/resolve.js'
import { StreamInfo } from '../../../../src/lsl/stream-info.js'
import type { StreamInfoOptions } from '../../../../src/lsl/stream-info.js'
import { StreamInlet } from '../../../../src/lsl/stream-inlet.js'
import { StreamOutlet } from '../../../../src/lsl/stream-outlet.js'
import { ENGINES } from '../../../support/lsl/engines.js'
import { startFixture } from '../../../support/child.js'
import { fixture } from '../../../support/project.js'

const ON_THREAD = { engine: 'builtin', networkThread: true } as const
const alive = setInterval(() => undefined, 1000)
t.teardown(() => clearInterval(alive))

async function inletOn(t: Test, name: string, engine: 'builtin' | 'liblsl' = 'builtin'): Promise<StreamInlet> {
  const [info] = await resolveByProp('name', name, { engine, timeoutS: 20 })
  const inlet = new StreamInlet(info!, { engine })
  t.teardown(() => inlet.close())
  await inlet.open(20)
  return inlet
}

/** Until so many have come, or 20 s. */
async function pulled(inlet: StreamInlet, frames: number): Promise<{ values: unknown[]; times: number[] }> {
  const values: unknown[] = []
  const times: number[] = []
  for (const end = performance.now() + 20_000; times.length < frames && performance.now() < end;) {
    const chunk = await inlet.pullChunk({ timeoutS: 0.5 })
    values.push(...(chunk.data as Iterable<unknown>))
    times.push(...chunk.times)
  }
  return { values, times }
}

async function pair(t: Test, options: Partial<StreamInfoOptions> = {}) {
  const name = uniqueName('threaded')
  const outlet = new StreamOutlet(new StreamInfo({ name, channelCount: 1, nominalSrate: 100, ...options }), ON_THREAD)
  t.teardown(() => outlet.close())
  const inlet = await inletOn(t, name)
  if (!(await outlet.waitForConsumers(20))) throw new Error('the inlet was not seen')
  return { outlet, inlet }
}

for (const engine of ENGINES)
  t.test(`an outlet of a thread that is blocked is found and sends, to ${engine}`, async t => {
    const name = uniqueName('blocked')
    const worker = new Worker(fixture('lsl/blocked-outlet.js'), { workerData: { name, engine: 'builtin' } })
    t.teardown(() => worker.terminate())
    const inlet = await inletOn(t, name, engine)
    const { values, times } = await pulled(inlet, 20)
    t.same(values, Array.from({ length: 20 }, (_, i) => i)) // prettier-ignore
    t.same(times, Array.from({ length: 20 }, (_, i) => 100 + i)) // prettier-ignore
  })

t.test(
  'what is pushed arrives in order, strings that are larger than the queue too, and closing sends it all',
  async t => {
    const { outlet, inlet } = await pair(t, { channelFormat: 'string', nominalSrate: 0 })
    const rows = Array.from({ length: 40 }, (_, i) => `${i} ${'µ'.repeat(i % 8 === 7 ? 400_000 : i)}`)
    rows.forEach((row, i) => outlet.pushSample([row], 1 + i))
    const closing = outlet.close()
    const { values, times } = await pulled(inlet, rows.length)
    t.ok(values.every((row, i) => (row as string[])[0] === rows[i]))
    t.same(times, rows.map((_, i) => 1 + i)) // prettier-ignore
    await closing
    await outlet.close()
    t.throws(() => outlet.pushSample(['x']), { code: 'ERR_CLOSED' })
    t.equal(outlet.haveConsumers, false)
  },
)

t.test('a burst is sent whole or counted', async t => {
  const { outlet, inlet } = await pair(t, { channelCount: 8, nominalSrate: 1000 })
  const chunk = new Float32Array(8 * 100)
  const frames = 30_000
  for (let sent = 0; sent < frames; sent += 100) {
    for (let frame = 0; frame < 100; frame++) chunk[frame * 8] = sent + frame
    outlet.pushChunk(chunk, 1000 + (sent + 99) / 1000)
  }
  await outlet.close()
  let seen = 0
  for (let quiet = 0; quiet < 3 && seen + (inlet.dropped ?? 0) < frames;) {
    const { frames: n } = await inlet.pullChunk({ timeoutS: 0.5 })
    quiet = n === 0 ? quiet + 1 : 0
    seen += n
  }
  const dropped = (outlet.dropped ?? 0) + (inlet.dropped ?? 0)
  t.equal(
    seen + dropped,
    frames,
    `${seen} seen, ${outlet.dropped} dropped before and ${inlet.dropped} behind the network`,
  )
})

for (const end of ['by itself', 'exit'])
  t.test(`a process that ends without closing its outlet (${end}) has sent what it pushed`, async t => {
    const name = uniqueName('last')
    const child = startFixture('lsl/last-words.js', name, end)
    const exited = once(child, 'exit')
    const inlet = await inletOn(t, name)
    const { values } = await pulled(inlet, 5000)
    t.equal(values.length, 5000)
    t.same(await exited, [0, null], 'and it ends')
  })

t.test('the end of the network thread is an error on every outlet, and a new outlet has a new thread', async t => {
  for (const how of ['a mistake', 'a crash']) {
    const started = once(process, 'worker') as Promise<[Worker]>
    const infos = ['one', 'two'].map(name => new StreamInfo({ name: uniqueName(name), channelCount: 1 }))
    const outlets = infos.map(info => new StreamOutlet(info, ON_THREAD))
    const [thread] = await started
    await resolveByProp('name', infos[1]!.name, { engine: 'builtin', timeoutS: 20 })
    const exited = once(thread, 'exit')
    const waiting = outlets.map(outlet => t.rejects(outlet.waitForConsumers(20), { code: 'ERR_WORKER_FAILED' }, how))
    if (how === 'a crash') await thread.terminate()
    else thread.postMessage({})
    await exited
    await Promise.all(waiting)
    for (const outlet of outlets) {
      const reason = how === 'a crash' ? /ended: exit code 1; make a new outlet/ : /ended: .*undefined/
      t.throws(() => outlet.pushSample([1]), { code: 'ERR_WORKER_FAILED', message: reason })
      await outlet.close()
      await outlet.close()
    }
  }
  const { outlet, inlet } = await pair(t)
  outlet.pushSample([5], 6)
  t.same(await pulled(inlet, 1), { values: [5], times: [6] })
})
