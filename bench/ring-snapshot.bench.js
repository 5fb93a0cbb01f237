// Limit: one `set` from shared to own memory, of the same bytes. The C library's memcpy beside it is the absolute limit.
import koffi from 'koffi'
import { allocateRing } from '../dist/ring/allocate-ring.js'
import { RingReader } from '../dist/ring/ring-reader.js'
import { RingWriter } from '../dist/ring/ring-writer.js'
import { timed } from './harness.js'
import { pythonWork, stopAll } from './support/python-work.js'
import { platform } from '../dist/system/platform.js'

const CHANNELS = 32
const SIZES = { '100 KB': 1e5, '1 MB': 1e6, '10 MB': 1e7 }

function memcpyContender(source, target, options) {
  const label = 'memcpy of the C library'
  if (platform() === 'windows') return { label, absent: 'not found in this process on Windows' }
  const memcpy = koffi.load(null).func('void *memcpy(uintptr_t target, uintptr_t source, size_t bytes)')
  const [to, from] = [Number(koffi.address(target)), Number(koffi.address(source))]
  return timed(label, n => { for (let i = 0; i < n; i++) memcpy(to, from, target.byteLength) }, options) // prettier-ignore
}

async function snapshotCase([size, bytes]) {
  const frames = Math.round(bytes / CHANNELS / Float32Array.BYTES_PER_ELEMENT)
  const handle = allocateRing({ frames, channels: CHANNELS, format: 'float32' })
  const writer = new RingWriter(handle)
  for (let written = 0; written < frames; written += writer.maxChunk) {
    writer.append(new Float32Array(writer.maxChunk * CHANNELS), new Float64Array(writer.maxChunk))
  }
  const reader = RingReader.attach(handle)
  const source = reader.latest(frames).data
  const into = new Float32Array(source.length)
  const target = new Float32Array(source.length)
  const options = { calls: Math.max(1, Math.floor(4e6 / bytes)), batches: 10 }
  const contenders = [
    timed('snapshot(n, into)', n => { for (let i = 0; i < n; i++) reader.snapshot(frames, into) }, options), // prettier-ignore
    await pythonWork("numpy's copyto", { do: 'copy', frames, channels: CHANNELS, ...options }),
    memcpyContender(source, target, options),
    timed('set from shared memory', n => { for (let i = 0; i < n; i++) target.set(source) }, options), // prettier-ignore
  ]
  const note = medians => `GB/s: ${medians.map(ns => (bytes / ns).toFixed(2)).join(', ')}`
  return { name: size, unit: 'ns/window', contenders, note, close: () => stopAll(contenders) }
}

export default {
  id: 'ring-snapshot (B3)',
  about: 'a validated copy of the newest window and its stamps, into memory that is reused',
  async *cases({ quick }) {
    const sizes = Object.entries(SIZES)
    for (const size of quick ? sizes.slice(1, 2) : sizes) yield snapshotCase(size)
  },
}
