// Limit: a C program on the same library, that pulls in one thread and wakes another (bench/limits/pull.c).
import './support/loopback.js'
import { startConsumers } from './support/consumers.js'
import { ENGINES } from './support/engines.js'

const CASES = [
  { channels: 8, rate: 1000, frames: 500 },
  { channels: 1, rate: 250, frames: 200 },
  { channels: 64, rate: 1000, frames: 500 },
  { channels: 384, rate: 1000, frames: 500 },
  { channels: 16, rate: 5500, frames: 2000 },
]
const MAIN = engine => `StreamWatcher, ${engine}, on the main thread`
const JOB = engine => `StreamWatcher, ${engine}, in a worker job`
const PYTHON = "Python's StreamWatcher, sleep_s(1 ms)"
const C = 'C, pull and wake'
const WHO = [
  ...ENGINES.map(engine => ({ label: MAIN(engine), kind: 'main', engine })),
  ...ENGINES.map(engine => ({ label: JOB(engine), kind: 'worker', engine })),
  { label: PYTHON, kind: 'dareplane' },
  { label: 'pylsl, blocking', kind: 'pylsl' },
  { label: 'pull loop in a Node worker', kind: 'plain' },
  { label: C, kind: 'c' },
]
const GOALS = ENGINES.flatMap(engine => [
  { id: 'B6', goal: `${MAIN(engine)}: p50 at most 1.3 x C`, of: MAIN(engine), to: C, atMost: 1.3 },
  { id: 'B6', goal: `${JOB(engine)}: p50 at most 1.1 x C`, of: JOB(engine), to: C, atMost: 1.1 },
  {
    id: 'B24',
    goal: `${MAIN(engine)}: p99 at most half of Python's`,
    of: MAIN(engine),
    to: PYTHON,
    q: 0.99,
    atMost: 0.5,
  },
  { id: 'B24', goal: `${MAIN(engine)}: p99 at most 2 x C`, of: MAIN(engine), to: C, q: 0.99, atMost: 2 },
  { id: 'B24', goal: `${JOB(engine)}: p99 at most 1.2 x C`, of: JOB(engine), to: C, q: 0.99, atMost: 1.2 },
])

async function latencyCase({ channels, rate, frames }) {
  const { all, close } = await startConsumers(WHO, { channels, rate, bufferSamples: 2 * frames, sleepS: 0.001 })
  const contenders = all.map(({ label, absent, take }) => {
    if (absent) return { label, absent }
    return { label, measure: async () => (await take({ frames })).latencies.map(latency => latency * 1e6) }
  })
  const goals = channels === 8 ? GOALS : []
  return { name: `${channels} channels at ${rate} Hz`, unit: 'us', contenders, goals, close }
}

export default {
  id: 'watcher-latency (B6)',
  about: 'from the push of a sample in another process until a program sees it',
  async *cases({ quick }) {
    if (quick) yield latencyCase({ ...CASES[0], frames: 250 })
    else for (const spec of CASES) yield latencyCase(spec)
  },
}
