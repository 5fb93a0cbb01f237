// Limit: the builtin outlet on a thread that is free, its sockets on that thread's event loop. The receiver is the same C program
// for all (bench/limits/pull.c).
import './support/loopback.js'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { localClock } from '../dist/clock.js'
import { chooseEngine } from '../dist/lsl/choose-engine.js'
import { compiledLimit, Peer } from './support/peers.js'

const CHANNELS = 8
const RATE = 1000
const WHO = {
  thread: { label: 'builtin, a network thread', engine: 'builtin', networkThread: true },
  liblsl: { label: 'liblsl', engine: 'liblsl' },
  here: { label: 'builtin, on its own thread', engine: 'builtin', networkThread: false },
}
/** Who sends what a job pushes to an outlet of its module. */
const SENDS = { thread: WHO.thread.label, liblsl: "liblsl, the module's thread", here: "builtin, the module's thread" }

function startSender(setup) {
  return fork(new URL('./support/outlet-sender.js', import.meta.url), [JSON.stringify(setup)])
}

async function stopped(sender) {
  const exited = once(sender, 'exit')
  sender.kill()
  await exited
}

/** What one round of `frames` samples takes from their push to the C program, each outlet in a process of its own. */
async function deliveryCase(name, mode, kinds, frames, goals) {
  const limit = compiledLimit('pull')
  const running = []
  for (const kind of kinds) {
    const { label: who, ...options } = WHO[kind]
    const label = mode.endsWith('job') ? SENDS[kind] : who
    if (limit.absent) {
      running.push({ label, absent: limit.absent })
      continue
    }
    const stream = `bench-${process.pid}-${process.hrtime.bigint().toString(36)}-${kind}`
    const sender = startSender({ name: stream, mode, channels: CHANNELS, rate: RATE, ...options })
    await once(sender, 'message')
    const peer = new Peer(limit.program, [stream, CHANNELS, 60, 0].map(String))
    await peer.answer()
    const measure = async () => {
      const received = peer.ask(frames)
      sender.send(frames)
      const { got, latencies } = await received
      if (got < frames) throw new Error(`${label}: ${got} of ${frames} samples arrived`)
      return latencies.map(latency => latency * 1e6)
    }
    running.push({ label, measure, close: () => Promise.all([peer.stop(), stopped(sender)]) })
  }
  const close = () => Promise.all(running.map(each => each.close?.()))
  return { name, unit: 'us', contenders: running, goals, close }
}

/** From the call of its constructor until a search that runs finds it; the thread that makes it is blocked from then on. */
function foundCase(kinds, goals) {
  const engine = chooseEngine({ engine: 'builtin' })
  const contenders = kinds.map(kind => {
    const { label, ...options } = WHO[kind]
    const measure = async () => {
      const name = `bench-${process.pid}-${process.hrtime.bigint().toString(36)}`
      const sender = startSender({ name, mode: 'found', channels: CHANNELS, rate: RATE, ...options })
      const [madeS] = await once(sender, 'message')
      await engine.resolve(`name='${name}'`, { minimum: 1, timeoutS: 10 })
      const foundS = localClock()
      await stopped(sender)
      return [(foundS - madeS) * 1000]
    }
    return { label, measure }
  })
  return { name: 'found, its thread being blocked', unit: 'ms', contenders, goals, atMost: 7 }
}

const of = WHO.thread.label
const to = WHO.here.label

export default {
  id: 'outlet (B20)',
  about:
    'outlets of threads that are free, blocked or busy, and of jobs: from push to receive, and until they are found',
  async *cases({ quick }) {
    const kinds = ['thread', 'liblsl', 'here']
    const frames = quick ? 250 : 1000
    yield deliveryCase('from a free thread', 'free', kinds, frames, [
      { id: 'B20', goal: 'p50 at most 1.1 x that of a thread of its own', of, to, atMost: 1.1 },
    ])
    yield deliveryCase('from a job that waits for data', 'blocked', kinds, frames, [
      { id: 'B20', goal: 'p50 at most 1 ms', of, atMost: 1000 },
    ])
    yield deliveryCase('from a thread that computes 300 ms of each second', 'busy', kinds, frames, [
      { id: 'B20', goal: 'p99 at most 1 ms', of, q: 0.99, atMost: 1000 },
    ])
    yield deliveryCase('from a job, the thread of its module is free', 'job', kinds, frames)
    yield deliveryCase('from a job, the thread of its module computes 300 ms at a time', 'busy-job', kinds, frames, [
      { id: 'B20', goal: 'p99 at most 1 ms', of, q: 0.99, atMost: 1000 },
    ])
    yield foundCase(['thread', 'liblsl'], [{ id: 'B20', goal: 'at most 100 ms', of, atMost: 100 }])
  },
}
