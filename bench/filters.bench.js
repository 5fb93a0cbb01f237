// Limit: the loop of scipy's sosfilt in C.
import { butterworth, SosFilter } from '../dist/signal/index.js'
import { timed } from './harness.js'
import { compiledWork, pythonWork, stopAll } from './support/python-work.js'

async function filterCase({ frames, channels, order }) {
  // A band-pass of order n has n sections.
  const sections = butterworth({ order, band: [8, 30], sampleRateHz: 250 })
  const filter = new SosFilter(sections, { channels })
  const input = Float32Array.from({ length: frames * channels }, (_, i) => ((i * 37) % 100) / 100)
  const output = new Float64Array(input.length)
  const calls = Math.max(1, Math.floor(4e5 / (frames * channels * order)))
  const options = { calls, batches: 20 }
  const shape = { frames, channels, sections: order, ...options }
  const contenders = [
    timed('SosFilter.process', n => { for (let i = 0; i < n; i++) filter.process(input, output) }, options), // prettier-ignore
    await pythonWork("scipy's sosfilt", { do: 'sosfilt', ...shape }, 1, 'signal_peer.py'),
    await compiledWork('C', 'filters', `${frames} ${channels} ${order} ${calls} 20`),
  ]
  const note = ([ours, python]) => `${(python / ours).toFixed(1)} times as fast as scipy`
  return { name: `${frames} x ${channels}, order ${order}`, unit: 'ns/chunk', contenders, note, close: () => stopAll(contenders) } // prettier-ignore
}

export default {
  id: 'filters (B21)',
  about: 'a band-pass over one chunk, float32 in, float64 out, with its state',
  async *cases({ quick }) {
    for (const order of quick ? [4] : [4, 8]) {
      for (const frames of quick ? [1, 10] : [1, 10, 100]) {
        for (const channels of quick ? [8, 64] : [8, 64, 256]) yield filterCase({ frames, channels, order })
      }
    }
  },
}
