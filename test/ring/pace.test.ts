import t from 'tap'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { allocateRing } from '../../src/ring/allocate-ring.js'
import { NOBODY, hasRoom, loadPlace } from '../../src/ring/pace/pace-protocol.js'
import { WriterPace } from '../../src/ring/pace/writer-pace.js'
import { MOST_PLACES, MOVES } from '../../src/ring/ring-layout.js'
import { RingReader } from '../../src/ring/ring-reader.js'
import { ringWindows } from '../../src/ring/ring-windows.js'
import { RingWriter } from '../../src/ring/ring-writer.js'
import { fixture } from '../support/project.js'
import { explorePace } from '../support/ring/pace-explorer.js'
import type { PaceProtocol } from '../support/ring/pace-explorer.js'

t.test(
  'no interleaving overwrites a window that was lent with a chunk to spare, while the writer has patience',
  async t => {
    const outcome = explorePace()
    t.comment(JSON.stringify(outcome))
    t.equal(outcome.broken, 0)
    t.ok(outcome.kept > 100)
    t.ok(outcome.waits > 100)
    t.ok(outcome.lapped > 0, 'patience has an end')
  },
)

const BROKEN: readonly (readonly [string, Partial<PaceProtocol>])[] = [
  ['the writer does not look', { writer: ['write', 'publish'] }],
  ['the reader says where it is after it has looked', { take: ['observe', 'announce'] }],
  ['the reader does not say where it is', { take: ['observe'] }],
  ['the reader leaves before it has read', { leavesEarly: true }],
  ['no chunk is spared for what is under way', { hasRoom: frames => hasRoom(frames, 1, 8) }],
]

for (const [what, changes] of BROKEN)
  t.test(`the explorer finds damage if ${what}`, async t => {
    const outcome = explorePace(changes)
    t.comment(JSON.stringify(outcome))
    t.ok(outcome.broken > 0)
  })

const SPEC = { frames: 20, channels: 1, format: 'float32', maxChunk: 10 } as const

function ringOf(firstIndex = 0) {
  const ring = allocateRing({ ...SPEC, firstIndex })
  const writer = new RingWriter(ring)
  const words = new Int32Array(ring.control)
  const append = (frames: number): void => writer.append(new Float32Array(frames), new Float64Array(frames))
  return { ring, append, pace: new WriterPace(ring), words }
}

const places = (words: Int32Array): number[] =>
  Array.from({ length: MOST_PLACES }, (_, place) => loadPlace(words, place)).filter(word => word !== NOBODY)

for (const firstIndex of [0, 2 ** 31 - 60, 2 ** 32 + 5])
  t.test(`a writer waits for a reader that is behind, and not for nobody, from ${firstIndex} on`, async t => {
    const { ring, append, pace, words } = ringOf(firstIndex)
    for (let i = 0; i < 20; i++) {
      t.ok(pace.awaitRoom(0), 'nobody reads')
      append(10)
    }
    const reader = RingReader.attach(ring)
    append(10)
    const window = reader.takeNew()
    t.equal(window.frames, 10)
    t.ok(pace.awaitRoom(0))
    append(10)
    t.ok(pace.awaitRoom(0))
    append(20)
    t.notOk(pace.awaitRoom(0), 'one more chunk would leave none to spare')
    t.ok(window.isIntact())
    reader.takeNew()
    t.equal(places(words).length, 1, 'a reader has one place')
    t.ok(pace.awaitRoom(0), 'the reader has moved on')
  })

t.test(
  'a reader that does not move is forgotten after a while, lapped, told, and there again when it takes',
  async t => {
    const { ring, append, pace, words } = ringOf()
    const reader = RingReader.attach(ring)
    append(10)
    const window = reader.takeNew()
    append(30)
    const start = performance.now()
    while (!pace.awaitRoom(20));
    t.ok(performance.now() - start >= 95)
    t.same(places(words), [])
    append(10)
    t.notOk(window.isIntact())
    append(20)
    t.ok(pace.awaitRoom(0), 'it is not waited for any more')
    t.ok(reader.takeNew().lost > 0)
    t.equal(places(words).length, 1)
  },
)

t.test('there are places for eight readers, and those of readers that were lapped are free', async t => {
  const { ring, append, words } = ringOf()
  append(10)
  const readers = Array.from({ length: 2 * MOST_PLACES }, () => RingReader.attach(ring))
  for (const reader of readers) reader.takeNew()
  t.equal(places(words).length, MOST_PLACES)
  append(60)
  const last = readers.at(-1)!
  last.takeNew()
  const { cursor } = last
  last.takeNew()
  t.ok(places(words).includes(cursor + 1), 'one was taken over')
  t.equal(places(words).length, MOST_PLACES)
})

t.test('who breaks off a loop over windows is not waited for, and is again when it takes', async t => {
  const { ring, append, pace, words } = ringOf()
  const reader = RingReader.attach(ring)
  append(10)
  for await (const _window of ringWindows(reader)) break
  t.same(places(words), [])
  for (let i = 0; i < 20; i++) {
    t.ok(pace.awaitRoom(0))
    append(10)
  }
  reader.takeNew()
  t.equal(places(words).length, 1)
})

t.test('a reader on another thread wakes the writer that waits for it, and loses nothing', async t => {
  const ring = allocateRing({ frames: 64, channels: 1, format: 'int32', maxChunk: 16 })
  const writer = new RingWriter(ring)
  const pace = new WriterPace(ring)
  const words = new Int32Array(ring.control)
  const frames = 200_000
  const worker = new Worker(fixture('ring/slow-reader.js'), { workerData: { ring, frames } })
  await once(worker, 'message')
  const answer = once(worker, 'message')
  const samples = new Int32Array(16)
  const times = new Float64Array(16)
  for (let sent = 0; sent < frames; sent += 16) {
    for (let i = 0; i < 16; i++) samples[i] = sent + i
    // On a busy machine it may not run for so long that it is forgotten: then it comes back before anything is written.
    while (!pace.awaitRoom(50) || places(words).length === 0) Atomics.wait(words, MOVES, Atomics.load(words, MOVES), 1)
    writer.append(samples, times)
  }
  writer.close()
  const [{ taken, lost, broken, wrong }] = (await answer) as [Record<'taken' | 'lost' | 'broken' | 'wrong', number>]
  t.comment(`${taken} taken, ${lost} lost, ${broken} windows not intact`)
  t.equal(wrong, 0)
  t.equal(taken, frames)
  t.same({ lost, broken }, { lost: 0, broken: 0 })
})
