// Baseline: a plain pull loop on the same library, one array, nothing kept. Both include the sender's process and TCP.
import './support/loopback.js'
import { twoConsumers } from './support/two-consumers.js'

const CASES = [
  { channels: 8, chunk: 32, frames: 102_400 },
  { channels: 64, chunk: 32, frames: 51_200 },
]

async function throughputCase({ channels, chunk, frames }) {
  const both = await twoConsumers({ channels, rate: 10_000, bufferSamples: frames })
  const order = { frames, chunk }
  const cpu = new Map()
  const measured = (label, consume) => ({
    label,
    async measure() {
      const before = process.cpuUsage()
      const { got, startS, lastS } = await consume(order)
      if (got !== frames) throw new Error(`${label}: ${got} of ${frames} frames arrived`)
      const { user, system } = process.cpuUsage(before)
      cpu.set(label, [...(cpu.get(label) ?? []), (user + system) / frames])
      return [((lastS - startS) * 1e9) / frames]
    },
  })
  const perSecond = ns =>
    `${((1e9 / ns) * 1e-3).toFixed(0)} k samples/s, ${((channels * 4 * 1e3) / ns).toFixed(1)} MB/s`
  const cpuOf = label => (cpu.get(label) ?? []).sort((a, b) => a - b)[cpu.get(label).length >> 1]?.toFixed(2)
  return {
    name: `${channels} channels float32, chunks of ${chunk}, ${frames} frames at once, ${both.watcher.stats.engine} ${both.watcher.stats.libraryVersion}`,
    unit: 'ns/sample',
    contenders: [measured('StreamWatcher', both.throughWatcher), measured('plain pull loop', both.throughPlainLoop)],
    note: ([ours, plain]) =>
      `${perSecond(ours)}; plain ${perSecond(plain)}; receiving CPU s per 10^6 samples ${cpuOf('StreamWatcher')}, plain ${cpuOf('plain pull loop')}`,
    close: both.close,
  }
}

export default {
  id: 'watcher-throughput',
  about: 'from the first push of another process to the last sample on the main thread, nothing lost',
  async *cases({ quick }) {
    for (const spec of quick ? CASES.slice(0, 1) : CASES) yield throughputCase(spec)
  },
}
