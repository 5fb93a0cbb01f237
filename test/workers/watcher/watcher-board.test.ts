import { Worker } from 'node:worker_threads'
import { once } from 'node:events'
import t from 'tap'
import { noFigures, WatcherBoard } from '../../../src/workers/watcher/watcher-board.js'

t.test('a new board is idle and has seen nothing', async t => {
  const board = new WatcherBoard()
  t.equal(board.state, 'idle')
  t.strictSame(board.read(), noFigures())
  t.match(noFigures(), { frames: 0, offsetS: NaN, uncertaintyS: NaN })
})

t.test('what one side writes the other reads, over the same memory', async t => {
  const board = new WatcherBoard()
  const other = new WatcherBoard(board.buffer)
  const figures = { ...noFigures(), frames: 2 ** 40, rateByClock: 99.5, offsetS: -1e-6 }
  board.publish(figures)
  board.state = 'stalled'
  t.strictSame(other.read(), figures)
  t.equal(other.state, 'stalled')
})

t.test('figures that another thread writes all the time are always those of one moment', async t => {
  const board = new WatcherBoard()
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL('../../fixtures/watcher/board.worker.js', import.meta.url), {
    workerData: { board: board.buffer, stop: stop.buffer },
  })
  await once(worker, 'message')
  let changes = 0
  let last = 0
  const end = performance.now() + 30_000
  while (changes < 1000 && performance.now() < end) {
    const figures = board.read()
    const { frames, ...others } = figures
    const torn = Object.entries(others).filter(([, value]) => value !== frames)
    if (torn.length > 0) {
      t.fail(`frames ${frames} with ${JSON.stringify(torn)}`)
      break
    }
    if (frames !== last) changes++
    last = frames
  }
  Atomics.store(stop, 0, 1)
  await once(worker, 'exit')
  t.ok(changes >= 1000, `${changes} changes were seen`)
})

t.test('the count of publications may wrap', async t => {
  const board = new WatcherBoard()
  Atomics.store(new Int32Array(board.buffer), 0, 2 ** 31 - 3)
  for (let frames = 1; frames <= 6; frames++) {
    board.publish({ ...noFigures(), frames })
    t.equal(board.read().frames, frames)
  }
})

t.test('what a writer that is held up in the middle has written is not shown', async t => {
  const board = new WatcherBoard()
  board.publish({ ...noFigures(), frames: 5 })
  board.publish({ ...noFigures(), frames: 6 })
  Atomics.sub(new Int32Array(board.buffer), 0, 1)
  t.equal(board.read().frames, 5, 'figures without their count')
})
