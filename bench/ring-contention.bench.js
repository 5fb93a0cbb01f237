// Limit: the same writer on a ring that nobody reads. With more readers than cores to spare the scheduler is measured too.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { allocateRing } from '../dist/ring/allocate-ring.js'
import { RingWriter } from '../dist/ring/ring-writer.js'
import { timed } from './harness.js'

const [FRAMES, CHANNELS, CHUNK] = [1000, 32, 32]
const [SPINNING, READY] = [0, 1]
const samples = Float32Array.from({ length: CHUNK * CHANNELS }, (_, i) => i)
const times = Float64Array.from({ length: CHUNK }, (_, i) => i)

function writerOn(handle) {
  const writer = new RingWriter(handle)
  return n => {
    for (let i = 0; i < n; i++) writer.append(samples, times)
  }
}

async function contentionCase(readers) {
  const spec = { frames: FRAMES, channels: CHANNELS, format: 'float32' }
  const handle = allocateRing(spec)
  const control = new SharedArrayBuffer(16)
  const words = new Int32Array(control)
  const workers = Array.from({ length: readers }, () => {
    const url = new URL('./support/ring-spinner.worker.js', import.meta.url)
    return new Worker(url, { workerData: { handle, control } })
  })
  while (Atomics.load(words, READY) < readers) await new Promise(resolve => setTimeout(resolve, 5))

  const read = timed(`${readers} spinning readers`, writerOn(handle), { calls: 2000 })
  const alone = timed('no reader', writerOn(allocateRing(spec)), { calls: 2000 })
  const whileRead = {
    ...read,
    measure() {
      Atomics.store(words, SPINNING, 1)
      Atomics.notify(words, SPINNING)
      try {
        return read.measure()
      } finally {
        Atomics.store(words, SPINNING, 0)
      }
    },
  }
  return {
    name: `${readers} readers of windows of ${FRAMES} frames, chunks of ${CHUNK} x ${CHANNELS}`,
    unit: 'ns/chunk',
    contenders: [whileRead, alone],
    note: () => `${availableParallelism()} cores`,
    close: () => Promise.all(workers.map(worker => worker.terminate())),
  }
}

export default {
  id: 'ring-contention (B4)',
  about: 'what readers cost the writer, who never waits for them',
  async *cases({ quick }) {
    for (const readers of quick ? [1] : [1, 2, 4, 8]) yield contentionCase(readers)
  },
}
