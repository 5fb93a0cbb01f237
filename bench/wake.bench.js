// Limit: two threads of a C program and a condition variable.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { localClock } from '../dist/index.js'
import { compiledLimit, Peer } from './support/peers.js'
import { pythonWork, stopAll } from './support/python-work.js'

const WAKES = 300
const ASLEEP_MS = 0.3
const [ASKED, ANSWERED, NEVER] = [0, 1, 2]

async function sleeper(how, label) {
  const memory = new SharedArrayBuffer(24)
  const words = new Int32Array(memory, 0, 4)
  const woken = new Float64Array(memory, 16, 1)
  const worker = new Worker(new URL('./support/waker.worker.js', import.meta.url), { workerData: { how, memory } })
  await once(worker, 'message')
  const measure = () => {
    const samples = []
    for (let i = 0; i < WAKES; i++) {
      Atomics.wait(words, NEVER, 0, ASLEEP_MS)
      const seen = Atomics.load(words, ANSWERED)
      const start = localClock()
      if (how === 'postMessage') worker.postMessage(0)
      else {
        Atomics.add(words, ASKED, 1)
        Atomics.notify(words, ASKED)
      }
      Atomics.wait(words, ANSWERED, seen)
      samples.push((woken[0] - start) * 1e6)
    }
    return samples
  }
  return { label, measure, stop: () => worker.terminate() }
}

async function limit() {
  const label = 'C, condition variable'
  const { program, absent } = compiledLimit('wake')
  if (absent) return { label, absent }
  const peer = new Peer(program, [])
  await peer.answer()
  return { label, measure: () => peer.ask(WAKES), stop: () => peer.stop() }
}

export default {
  id: 'wake (B7)',
  about: 'from the notification until a sleeping thread runs',
  async *cases() {
    const contenders = [
      await sleeper('wait', 'Atomics.wait'),
      await sleeper('waitAsync', 'Atomics.waitAsync'),
      await sleeper('postMessage', 'postMessage'),
      await pythonWork("Python's threading.Event", { do: 'wake', calls: WAKES, batches: 1 }, 1e-3),
      await limit(),
    ]
    yield { name: `${WAKES} wake-ups a round`, unit: 'us', contenders, close: () => stopAll(contenders) }
  },
}
