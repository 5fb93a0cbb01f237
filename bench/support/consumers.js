// A sender process with equal streams, one for each consumer: watchers read on the main thread and in a worker, Python
// programs, a plain pull loop in a worker, the C loop. Each takes a number of frames and answers what it saw.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { localClock, StreamWatcher } from '../../dist/index.js'
import { withEngine } from './engines.js'
import { compiledLimit, noPython, Peer } from './peers.js'

/** The sender, on the engine of its environment if none is named, and `send(order)`: what stream to send on, answered with when it began and ended. */
export async function startSender({ names, channels, rate, format = 'float32', engine }) {
  const setup = JSON.stringify({ names, channels, rate, format })
  const sender = fork(new URL('./sender.js', import.meta.url), [setup], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    ...(engine && withEngine(engine)),
  })
  await once(sender, 'message')
  return {
    async send(order) {
      sender.send(order)
      const [sent] = await once(sender, 'message')
      return sent
    },
    async close() {
      const exited = once(sender, 'exit')
      sender.disconnect()
      await exited
    },
  }
}

const KINDS = { main: onMain, worker: inWorker, pylsl: inPython, dareplane: inPython, plain: inPlainLoop, c: inC }

/**
 * Starts one consumer for each of `wanted`, of a label, a kind and, where it is ours, an engine. Answers them in that order: absent
 * ones have a reason, the others `take(order)` and `close()`.
 */
export async function startConsumers(wanted, { channels, rate, bufferSamples, sleepS = 0, sender: engineOfSender }) {
  const unique = `bench-${process.pid}-${process.hrtime.bigint().toString(36)}`
  const names = wanted.map(({ kind }, stream) => `${unique}-${stream}-${kind}`)
  const sender = await startSender({ names, channels, rate, engine: engineOfSender })
  const bufferS = Math.ceil((2 * bufferSamples) / rate)
  const all = []
  for (const [stream, { label, kind, engine }] of wanted.entries()) {
    const name = names[stream]
    const consumer = await KINDS[kind]({ kind, name, engine, channels, rate, bufferSamples, bufferS, sleepS })
    const { absent, receive, close, watcher } = consumer
    const take = async order => {
      const before = process.cpuUsage()
      const receiving = receive(order)
      const [sent, received] = await Promise.all([sender.send({ stream, ...order }), receiving])
      if (received.got < order.frames) throw new Error(`${label}: ${received.got} of ${order.frames} frames arrived`)
      const { user, system } = process.cpuUsage(before)
      return { cpuS: (user + system) * 1e-6, ...received, ...sent }
    }
    all.push({ label, ...(absent === undefined ? { take, close, watcher } : { absent }) })
  }
  const close = async () => {
    await Promise.all(all.map(consumer => consumer.close?.()))
    await sender.close()
  }
  return { all, close }
}

async function connected({ name, engine, bufferSamples }) {
  return new StreamWatcher({ name, engine, bufferSamples }).connectToStream({ timeoutS: 15 })
}

async function onMain(setup) {
  const watcher = await connected(setup)
  const receive = async ({ frames }) => {
    const latencies = []
    let got = 0
    let lastS = 0
    for await (const window of watcher.windows()) {
      lastS = localClock()
      got += window.frames
      if (window.lost > 0) throw new Error(`${window.lost} frames were lapped: the bench measures nothing`)
      latencies.push(lastS - window.times[window.frames - 1])
      watcher.takeNew()
      if (got >= frames) break
    }
    return { got, lastS, latencies }
  }
  return { watcher, receive, close: () => watcher.disconnect() }
}

async function inWorker(setup) {
  const watcher = await connected(setup)
  const { receive, end } = await workerOf('ring-reader.worker.js', watcher.share())
  return { watcher, receive, close: () => Promise.all([watcher.disconnect(), end()]) }
}

async function inPlainLoop({ name, channels, bufferS }) {
  const { receive, end } = await workerOf('plain-pull.worker.js', { name, channels, queueS: bufferS })
  return { receive, close: end }
}

async function workerOf(file, workerData) {
  const worker = new Worker(new URL(`./${file}`, import.meta.url), { workerData })
  await once(worker, 'message')
  const receive = async ({ frames }) => {
    worker.postMessage(frames)
    const [received] = await once(worker, 'message')
    return received
  }
  return { receive, end: () => worker.terminate() }
}

async function inPython({ kind, name, channels, bufferS, sleepS }) {
  if (noPython) return { absent: noPython }
  return fromPeer(Peer.python('lsl_peer.py', kind, name, channels, bufferS, sleepS))
}

async function inC({ name, channels, bufferS }) {
  const { program, absent } = compiledLimit('pull')
  return absent ? { absent } : fromPeer(new Peer(program, [name, channels, bufferS, 0].map(String)))
}

async function fromPeer(peer) {
  await peer.answer()
  return { receive: ({ frames }) => peer.ask(frames), close: () => peer.stop() }
}
