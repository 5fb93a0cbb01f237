// Baseline: the same samples in a plain pull loop, looked at in its own worker: what LSL itself takes.
import './support/loopback.js'
import { twoConsumers } from './support/two-consumers.js'

const CASES = [
  { channels: 8, rate: 250, frames: 250 },
  { channels: 64, rate: 1000, frames: 1000 },
]

async function latencyCase({ channels, rate, frames }) {
  const both = await twoConsumers({ channels, rate, bufferSamples: 2 * rate })
  const microseconds = latencies => latencies.map(latency => latency * 1e6)
  const measured = (label, consume) => ({
    label,
    async measure() {
      const { got, latencies } = await consume({ frames })
      if (got !== frames) throw new Error(`${label}: ${got} of ${frames} frames arrived`)
      return microseconds(latencies)
    },
  })
  return {
    name: `${channels} channels float32 at ${rate} Hz, ${both.watcher.stats.engine} ${both.watcher.stats.libraryVersion}`,
    unit: 'us',
    contenders: [
      measured('push to main thread', both.throughWatcher),
      measured('push to plain pull loop', both.throughPlainLoop),
    ],
    close: both.close,
  }
}

export default {
  id: 'watcher-latency',
  about: 'from the push in another process to the window on the main thread',
  async *cases({ quick }) {
    for (const spec of quick ? CASES.slice(0, 1) : CASES) yield latencyCase(spec)
  },
}
