import { parentPort, workerData } from 'node:worker_threads'
import { noFigures, WatcherBoard } from '../../src/workers/watcher-board.js'

/** Publishes figures that are all the same number, a new one each time, until it is stopped. */
const setup = workerData as { board: SharedArrayBuffer; stop: SharedArrayBuffer }
const board = new WatcherBoard(setup.board)
const stop = new Int32Array(setup.stop)
const figures = noFigures()
const names = Object.keys(figures) as (keyof typeof figures)[]
let count = 0
const publish = (): void => {
  count++
  for (const name of names) figures[name] = count
  board.publish(figures)
}
publish()
parentPort?.postMessage('first')
while (Atomics.load(stop, 0) === 0) publish()
