// Limit: one TypedArray.set of the same bytes into the same shared memory. More than that an append cannot save.
import { allocateSamples } from '../dist/channel-format.js'
import { allocateRing } from '../dist/ring/allocate-ring.js'
import { RingWriter } from '../dist/ring/ring-writer.js'
import { timed } from './harness.js'
import { pythonWork, stopAll } from './support/python-work.js'
import { SpscRing } from './support/spsc-ring.js'

const WINDOW_FRAMES = 8192
const PYTHON_CALLS = 500
const CASES = [
  { frames: 32, channels: 8 },
  { frames: 32, channels: 32 },
  { frames: 512, channels: 32 },
  { frames: 1, channels: 8 },
  { frames: 1, channels: 1 },
  { frames: 1, channels: 1024 },
  { frames: 1024, channels: 256 },
  { frames: 32, channels: 32, format: 'int8' },
  { frames: 32, channels: 32, format: 'int16' },
  { frames: 32, channels: 32, format: 'int32' },
  { frames: 32, channels: 32, format: 'int64' },
  { frames: 32, channels: 32, format: 'double64' },
]

async function appendCase({ frames, channels, format = 'float32' }) {
  const handle = allocateRing({ frames: WINDOW_FRAMES, channels, format })
  const writer = new RingWriter(handle)
  const samples = allocateSamples(format, frames * channels)
  const times = Float64Array.from({ length: frames }, (_, i) => i)
  const bytes = samples.byteLength
  const calls = Math.max(1, Math.min(20_000, Math.floor(4e6 / bytes)))

  const slots = Math.floor(writer.samples.length / samples.length)
  let slot = 0
  const peers = []
  if (format === 'float32') {
    const spsc = new SpscRing(WINDOW_FRAMES * channels)
    const push = n => {
      for (let i = 0; i < n; i++) {
        spsc.push(samples)
        spsc.drain()
      }
    }
    const order = { do: 'append', frames, channels, window: WINDOW_FRAMES, calls: Math.min(calls, PYTHON_CALLS) }
    peers.push(timed('push of a queue like ringbuf.js', push, { calls }))
    peers.push(await pythonWork("Python's RingBuffer.add_samples", { ...order, batches: 20 }))
  }
  const contenders = [
    timed('append', n => { for (let i = 0; i < n; i++) writer.append(samples, times) }, { calls }), // prettier-ignore
    ...peers,
    timed('TypedArray.set', n => {
      for (let i = 0; i < n; i++) {
        writer.samples.set(samples, slot * samples.length)
        slot = slot + 1 === slots ? 0 : slot + 1
      }
    }, { calls }), // prettier-ignore
  ]
  return {
    name: `${frames} x ${channels} ${format}, ${bytes} bytes`,
    unit: 'ns/chunk',
    note: medians => `${gigabytes(bytes, medians[0])} GB/s; the bare set ${gigabytes(bytes, medians.at(-1))} GB/s`,
    contenders,
    close: () => stopAll(contenders),
  }
}

const gigabytes = (bytes, ns) => (bytes / ns).toFixed(2)

export default {
  id: 'ring-append (B1)',
  about: 'a chunk into the ring: samples, stamps, mirror and publication',
  async *cases({ quick }) {
    for (const spec of quick ? CASES.slice(0, 4) : CASES) yield appendCase(spec)
  },
}
