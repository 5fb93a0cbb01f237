// Reads the newest window of a ring without a pause while its word is 1, sleeps while it is 0.
import { workerData } from 'node:worker_threads'
import { RingReader } from '../../dist/index.js'

const { handle, control } = workerData
const words = new Int32Array(control)
const reader = RingReader.attach(handle)
Atomics.add(words, 1, 1)
Atomics.notify(words, 1)
for (;;) {
  Atomics.wait(words, 0, 0)
  let sum = 0
  while (Atomics.load(words, 0) === 1) {
    const window = reader.latest(reader.frames)
    for (let i = 0; i < window.data.length; i += 64) sum += window.data[i]
    if (!window.isIntact()) Atomics.add(words, 2, 1)
  }
  Atomics.add(words, 3, sum > 0 ? 1 : 0)
}
