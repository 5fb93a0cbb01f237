// Limit: clock_nanosleep to absolute times in C. Lateness is against turn k of an absolute schedule: a loop that drifts is later and later.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { compiledWork, pythonWork, stopAll } from './support/python-work.js'

async function inWorker(how, order) {
  const worker = new Worker(new URL('./support/loop.worker.js', import.meta.url))
  const measure = async () => {
    worker.postMessage({ how, ...order })
    const [late] = await once(worker, 'message')
    return late.map(us => Math.max(0, us))
  }
  return { label: how, measure, stop: () => worker.terminate() }
}

async function loopCase({ hz, load, turns }) {
  const periodS = 1 / hz
  const workS = load * periodS
  const order = { periodS, workS, turns }
  const python = await pythonWork("Python's EventLoop", { do: 'loop', ...order }, 1, 'signal_peer.py')
  const contenders = [
    await inWorker('EventLoop', order),
    await inWorker('setInterval', order),
    { ...python, ...(python.measure && { measure: async () => (await python.measure()).map(us => Math.max(0, us)) }) },
    await compiledWork('C, clock_nanosleep', 'loops', `${periodS * 1e6} ${workS * 1e6} ${turns}`),
  ]
  return { name: `${hz} Hz, callbacks of ${load} periods`, unit: 'us late', contenders, atMost: 3, close: () => stopAll(contenders) } // prettier-ignore
}

export default {
  id: 'loops (B13)',
  about: 'how late the turns of a loop with a period begin, by its absolute schedule',
  async *cases({ quick }) {
    for (const hz of quick ? [1000] : [10, 100, 1000]) {
      for (const load of [0, 0.2]) yield loopCase({ hz, load, turns: quick ? 200 : Math.max(100, hz * 3) })
    }
  },
}
