// Limit: a C program on the same library, that pulls in one thread and wakes another (bench/limits/pull.c).
import './support/loopback.js'
import { startConsumers } from './support/consumers.js'

const CASES = [
  { channels: 8, rate: 1000, frames: 500 },
  { channels: 1, rate: 250, frames: 200 },
  { channels: 64, rate: 1000, frames: 500 },
  { channels: 384, rate: 1000, frames: 500 },
  { channels: 16, rate: 5500, frames: 2000 },
]
const LABELS = {
  main: 'StreamWatcher, on the main thread',
  worker: 'StreamWatcher, in a worker job',
  dareplane: "Python's StreamWatcher, sleep_s(1 ms)",
  pylsl: 'pylsl, blocking',
  plain: 'pull loop in a Node worker',
  c: 'C, pull and wake',
}

async function latencyCase({ channels, rate, frames }) {
  const { all, close } = await startConsumers(Object.keys(LABELS), {
    channels,
    rate,
    bufferSamples: 2 * frames,
    sleepS: 0.001,
  })
  const { engine, libraryVersion } = all.main.watcher.stats
  const contenders = Object.entries(LABELS).map(([kind, label]) => {
    const { absent, take } = all[kind]
    if (absent) return { label, absent }
    return { label, measure: async () => (await take({ frames })).latencies.map(latency => latency * 1e6) }
  })
  return { name: `${channels} channels at ${rate} Hz, ${engine} ${libraryVersion}`, unit: 'us', contenders, close }
}

export default {
  id: 'watcher-latency (B6)',
  about: 'from the push of a sample in another process until a program sees it',
  async *cases({ quick }) {
    if (quick) yield latencyCase({ ...CASES[0], frames: 250 })
    else for (const spec of CASES) yield latencyCase(spec)
  },
}
