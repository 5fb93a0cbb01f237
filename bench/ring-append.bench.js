// Baseline: one TypedArray.set of the same bytes into the same shared memory. More than that an append cannot save.
import { allocateRing } from '../dist/ring/allocate-ring.js'
import { RingWriter } from '../dist/ring/ring-writer.js'
import { timed } from './harness.js'

const WINDOW_FRAMES = 8192
const CHUNKS = [
  { frames: 1, channels: 8 },
  { frames: 32, channels: 8 },
  { frames: 32, channels: 32 },
  { frames: 512, channels: 32 },
  { frames: 1024, channels: 256 },
]

function appendCase({ frames, channels }) {
  const handle = allocateRing({ frames: WINDOW_FRAMES, channels, format: 'float32' })
  const writer = new RingWriter(handle)
  const samples = Float32Array.from({ length: frames * channels }, (_, i) => i)
  const times = Float64Array.from({ length: frames }, (_, i) => i)
  const bytes = samples.byteLength
  const calls = Math.max(1, Math.min(20_000, Math.floor(4e6 / bytes)))

  const slots = Math.floor(writer.samples.length / samples.length)
  let slot = 0
  return {
    name: `${frames} x ${channels} float32, ${bytes} bytes`,
    unit: 'ns/chunk',
    note: ([ours, limit]) => `${gigabytes(bytes, ours)} GB/s; the bare set ${gigabytes(bytes, limit)} GB/s`,
    contenders: [
      timed('append', n => { for (let i = 0; i < n; i++) writer.append(samples, times) }, { calls }), // prettier-ignore
      timed('TypedArray.set', n => {
        for (let i = 0; i < n; i++) {
          writer.samples.set(samples, slot * samples.length)
          slot = slot + 1 === slots ? 0 : slot + 1
        }
      }, { calls }), // prettier-ignore
    ],
  }
}

const gigabytes = (bytes, ns) => (bytes / ns).toFixed(2)

export default {
  id: 'ring-append',
  about: 'a chunk into the ring: samples, stamps, mirror and publication',
  cases: ({ quick }) => (quick ? CHUNKS.slice(1, 4) : CHUNKS).map(appendCase),
}
