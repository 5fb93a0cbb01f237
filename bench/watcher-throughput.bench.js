// Limit: the C program's loop on the same library, one array, nothing kept. All include the sender's process and TCP.
import './support/loopback.js'
import { startConsumers } from './support/consumers.js'
import { median } from './support/statistics.js'

const CASES = [
  { channels: 8, chunk: 32, frames: 102_400 },
  { channels: 64, chunk: 32, frames: 51_200 },
  { channels: 8, chunk: 1, frames: 51_200 },
]
const LABELS = {
  main: 'StreamWatcher',
  dareplane: "Python's StreamWatcher.update()",
  pylsl: 'pylsl, pull_chunk(dest_obj)',
  plain: 'pull loop in a Node worker',
  c: 'C pull loop',
}

async function throughputCase({ channels, chunk, frames }) {
  const rate = 10_000
  const { all, close } = await startConsumers(Object.keys(LABELS), { channels, rate, bufferSamples: frames })
  const { engine, libraryVersion } = all.main.watcher.stats
  const cpu = Object.fromEntries(Object.keys(LABELS).map(kind => [kind, []]))
  const contenders = Object.entries(LABELS).map(([kind, label]) => {
    const { absent, take } = all[kind]
    if (absent) return { label, absent }
    const measure = async () => {
      const { cpuS, startS, lastS } = await take({ frames, chunk })
      cpu[kind].push((cpuS * 1e6) / frames)
      return [((lastS - startS) * 1e9) / frames]
    }
    return { label, measure }
  })
  const summary = (ns, kind) =>
    `${LABELS[kind]} ${(1e6 / ns).toFixed(0)} k samples/s, ${median(cpu[kind]).toFixed(2)} CPU s per 10^6 samples`
  return {
    name: `${channels} channels, chunks of ${chunk}, ${frames} frames at once, ${engine} ${libraryVersion}`,
    unit: 'ns/sample',
    contenders,
    note: medians =>
      Object.keys(LABELS).map((kind, i) => (all[kind].absent ? '' : summary(medians[i], kind))).filter(Boolean).join('; '), // prettier-ignore
    close,
  }
}

export default {
  id: 'watcher-throughput (B5)',
  about: 'from the first push of another process to the last sample seen by a program, nothing lost',
  async *cases({ quick }) {
    if (quick) yield throughputCase({ ...CASES[0], frames: 25_600 })
    else for (const spec of CASES) yield throughputCase(spec)
  },
}
