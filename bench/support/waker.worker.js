// Sleeps in one of three ways; says by shared memory when it ran again.
import { parentPort, workerData } from 'node:worker_threads'
import { localClock } from '../../dist/index.js'

const { how, memory } = workerData
const words = new Int32Array(memory, 0, 4)
const woken = new Float64Array(memory, 16, 1)
const [ASKED, ANSWERED] = [0, 1]

function answer() {
  woken[0] = localClock()
  Atomics.add(words, ANSWERED, 1)
  Atomics.notify(words, ANSWERED)
}

parentPort.on('message', () => how === 'postMessage' && answer())
parentPort.postMessage('ready')
if (how === 'waitAsync') {
  for (let seen = 0; ; seen++) {
    const waiting = Atomics.waitAsync(words, ASKED, seen)
    if (waiting.async) await waiting.value
    answer()
  }
} else if (how === 'wait') {
  for (let seen = 0; ; seen++) {
    Atomics.wait(words, ASKED, seen)
    answer()
  }
}
