import t from 'tap'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { StopEvent } from '../src/stop-event.js'

t.test('an event is set once, stays set and can be cleared', async t => {
  const event = new StopEvent()
  t.equal(event.isSet, false)
  event.set()
  event.set()
  t.equal(event.isSet, true)
  t.equal(await event.waitAsync(), true)
  event.clear()
  t.equal(event.isSet, false)
})

t.test('two events over one buffer are one event', async t => {
  const event = new StopEvent()
  const other = new StopEvent(event.buffer)
  const waiting = other.waitAsync()
  event.set()
  t.equal(await waiting, true)
})

t.test('a timed wait answers false when nothing happened', async t => {
  t.equal(await new StopEvent().waitAsync(1), false)
})

t.test('many timed waits leave only one waiter behind', async t => {
  const event = new StopEvent()
  for (let i = 0; i < 50; i++) await event.waitAsync(0)
  t.equal(Atomics.notify(new Int32Array(event.buffer), 0), 1)
})

t.test('a waiter that was woken and cleared in between is still answered', async t => {
  const event = new StopEvent()
  const first = event.waitAsync()
  event.set()
  event.clear()
  t.equal(await first, false)
  const second = event.waitAsync()
  event.set()
  t.equal(await second, true)
})

t.test('a worker blocked in wait is woken by the main thread', async t => {
  const event = new StopEvent()
  const source = `
    const { parentPort, workerData } = require('node:worker_threads')
    parentPort.postMessage('ready')
    Atomics.wait(new Int32Array(workerData), 0, 0)
    parentPort.postMessage('woken')`
  const worker = new Worker(source, { eval: true, workerData: event.buffer })
  const exited = once(worker, 'exit')
  t.same(await once(worker, 'message'), ['ready'])
  const woken = once(worker, 'message')
  event.set()
  t.same(await woken, ['woken'])
  await exited
})

t.test('a buffer that is not shared is refused by name', async t => {
  t.throws(() => new StopEvent(new ArrayBuffer(4) as unknown as SharedArrayBuffer), {
    name: 'TypeError',
    message: /buffer/,
  })
})
