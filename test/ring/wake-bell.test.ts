import { Worker } from 'node:worker_threads'
import t from 'tap'
import { allocateRing } from '../../src/ring/allocate-ring.js'
import { RingReader } from '../../src/ring/ring-reader.js'
import { RingWriter } from '../../src/ring/ring-writer.js'
import { WakeBell } from '../../src/ring/wake-bell.js'
import { runNode } from '../support/child.js'
import { projectFolder } from '../support/project.js'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const ROUNDS = 2000

function ringWith(bell: WakeBell) {
  const handle = allocateRing({ frames: 4, channels: 1, format: 'int8' })
  const writer = new RingWriter(handle)
  return {
    handle,
    append: () => writer.append(Int8Array.of(1), Float64Array.of(1)),
    reader: RingReader.attachToBell(handle, bell),
  }
}

t.test('one ring wakes the readers that have something, and the others sleep on', async t => {
  const bell = new WakeBell()
  const [a, b, c] = [ringWith(bell), ringWith(bell), ringWith(bell)]
  const woken: string[] = []
  const waits = Object.entries({ a, b, c }).map(([name, { reader }]) =>
    reader.waitAsync().then(has => void woken.push(`${name} ${has}`)),
  )
  a.append()
  b.append()
  const ringer = new WakeBell(bell.buffer)
  ringer.ring()
  await Promise.all(waits.slice(0, 2))
  t.same(woken, ['a true', 'b true'])
  c.append()
  ringer.ring()
  await waits[2]
  t.same(woken, ['a true', 'b true', 'c true'])
})

t.test('what is there already, a time limit and a signal end a sleep without the bell', async t => {
  const bell = new WakeBell()
  const { reader, append } = ringWith(bell)
  t.equal(await reader.waitAsync(1), false)
  const controller = new AbortController()
  const waiting = reader.waitAsync(Infinity, controller.signal)
  controller.abort()
  t.equal(await waiting, false)
  append()
  t.equal(await reader.waitAsync(), true)
  t.equal(reader.takeNew().frames, 1)
  // The wait that was given up above is still under way, and its bell was not rung for this one.
  append()
  t.equal(await reader.waitAsync(), true)
})

t.test('rings in one turn of the event loop become one', async t => {
  const bell = new WakeBell()
  const { reader, append } = ringWith(bell)
  const words = new Int32Array(bell.buffer)
  const waiting = reader.waitAsync()
  const ringer = new WakeBell(bell.buffer)
  append()
  const before = words[0]!
  for (let i = 0; i < 10; i++) ringer.ringSoon()
  t.equal(words[0], before, 'not before the turn is over')
  t.equal(await waiting, true)
  t.equal(words[0], before + 1)
})

t.test(`no wake-up is lost between two threads, ${ROUNDS} times`, async t => {
  const bell = new WakeBell()
  const { handle, reader } = ringWith(bell)
  const taken = new Int32Array(new SharedArrayBuffer(4))
  const workerData = { ring: handle, bell: bell.buffer, taken: taken.buffer, rounds: ROUNDS }
  new Worker(new URL('../fixtures/ring/bell-ringer.worker.js', import.meta.url), { workerData })
  let frames = 0
  while (await reader.waitAsync()) {
    frames += reader.takeNew().frames
    Atomics.store(taken, 0, frames)
    Atomics.notify(taken, 0)
  }
  t.equal(frames, ROUNDS)
})

t.test('a sleep keeps the process alive, and nothing else does', async t => {
  const file = pathToFileURL(join(projectFolder, 'dist', 'ring', 'wake-bell.js')).href
  const program = `
    const { WakeBell } = await import('${file}')
    const bell = new WakeBell()
    let done = false
    setTimeout(() => { done = true; new WakeBell(bell.buffer).ring() }, 20).unref()
    await bell.sleep(() => done, Infinity)
    bell.sleep(() => false, 20)
    console.log('woken')`
  const { stdout } = await runNode(['--input-type=module', '--eval', program])
  t.equal(stdout, 'woken\n')
})
