import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { allocateRing } from '../../src/ring/allocate-ring.js'
import { WAITERS } from '../../src/ring/ring-layout.js'
import { RingReader } from '../../src/ring/ring-reader.js'
import { RingWriter } from '../../src/ring/ring-writer.js'
import { runNode } from '../support/child.js'
import { fixture } from '../support/project.js'

function ring() {
  const handle = allocateRing({ frames: 4, channels: 1, format: 'int8' })
  const words = new Int32Array(handle.control)
  const writer = new RingWriter(handle)
  return {
    handle,
    writer,
    reader: RingReader.attach(handle),
    append: () => writer.append(Int8Array.of(1), Float64Array.of(1)),
    waiters: () => Atomics.load(words, WAITERS),
  }
}

t.test('waitAsync resolves at once if there is something to take', async t => {
  const { append, reader, waiters } = ring()
  append()
  t.equal(await reader.waitAsync(), true)
  t.equal(await reader.waitAsync(0), true)
  t.ok(waiters() <= 1)
})

t.test('waitAsync is woken by a frame, again and again', async t => {
  const { append, reader, waiters } = ring()
  for (let round = 0; round < 20; round++) {
    const waiting = reader.waitAsync()
    t.equal(waiters(), 1)
    append()
    t.equal(await waiting, true)
    t.equal(reader.takeNew().frames, 1)
  }
})

t.test('waitAsync is woken by the close, and then ends at once', async t => {
  const { writer, reader } = ring()
  const waiting = reader.waitAsync()
  writer.close()
  t.equal(await waiting, false)
  t.equal(await reader.waitAsync(), false)
})

t.test('waitAsync ends at its time limit or when aborted, and leaves one waiter however often', async t => {
  const { append, reader, waiters } = ring()
  for (let round = 0; round < 50; round++) t.equal(await reader.waitAsync(1), false)
  const controller = new AbortController()
  const waiting = reader.waitAsync(Infinity, controller.signal)
  controller.abort()
  t.equal(await waiting, false)
  t.equal(await reader.waitAsync(Infinity, controller.signal), false, 'aborted before')
  t.equal(waiters(), 1)
  const both = Promise.all([reader.waitAsync(), reader.waitAsync()])
  append()
  t.strictSame(await both, [true, true], 'two waits of one reader')
  t.equal(waiters(), 0, 'all resolved')
})

t.test('waitAsync waits for frames beyond the cursor, not just for any', async t => {
  const { append, reader } = ring()
  reader.cursor = 2
  const waiting = reader.waitAsync()
  for (let frame = 0; frame < 3; frame++) append()
  t.equal(await waiting, true)
  t.match(reader.takeNew(), { start: 2, frames: 1 })
})

t.test('waitAsync waits for as many frames as asked for; the close ends it with fewer', async t => {
  const { append, reader, writer } = ring()
  let woken = false
  const three = reader.waitAsync(Infinity, undefined, 3).finally(() => (woken = true))
  for (let frame = 0; frame < 2; frame++) {
    append()
    t.equal(await reader.waitAsync(Infinity, undefined, frame + 1), true)
    t.notOk(woken)
  }
  append()
  t.equal(await three, true)
  const four = reader.waitAsync(Infinity, undefined, 4)
  writer.close()
  t.equal(await four, false)
  t.equal(await reader.waitAsync(Infinity, undefined, 3), true, 'what is there can still be waited for')
})

t.test('wait blocks a worker until a frame or the close, and times out', async t => {
  const { handle, append, writer, waiters } = ring()
  const worker = new Worker(new URL('../fixtures/ring/waiting.worker.js', import.meta.url), { workerData: handle })
  const exited = once(worker, 'exit')
  const answers = async (): Promise<unknown> => ((await once(worker, 'message')) as unknown[])[0]
  t.equal(await answers(), 'ready')
  const frame = answers()
  worker.postMessage(Infinity)
  while (waiters() === 0) await new Promise(setImmediate)
  append()
  t.strictSame(await frame, { answer: true, closed: false, start: 0, frames: 1 })

  const timeout = answers()
  worker.postMessage(1)
  t.strictSame(await timeout, { answer: false, closed: false, start: 1, frames: 0 })

  const close = answers()
  worker.postMessage(Infinity)
  while (waiters() === 0) await new Promise(setImmediate)
  writer.close()
  t.strictSame(await close, { answer: false, closed: true, start: 1, frames: 0 })
  t.equal(waiters(), 0)
  await exited
})

t.test('awaiting keeps the process alive, nothing else does', async t => {
  // The child's only hope is the frame that its worker writes: it must neither exit before nor stay afterwards.
  t.equal((await runNode([fixture('ring/wait-async.js')])).stdout, 'woken true\n')
})
