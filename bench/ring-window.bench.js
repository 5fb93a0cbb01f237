// Baseline of the first cases: the three operations that no reader can do without (load, read-modify-write, subarray).
// Baseline of the last case: the same window access at 10 KB. Near 1 means that the size does not matter.
import { allocateRing } from '../dist/ring/allocate-ring.js'
import { RingReader } from '../dist/ring/ring-reader.js'
import { RingWriter } from '../dist/ring/ring-writer.js'
import { timed } from './harness.js'

const CHANNELS = 32
const SIZES = { '10 KB': 10_000, '10 MB': 10_000_000 }
const CALLS = 2000

function ringOf(bytes) {
  const frames = Math.round(bytes / CHANNELS / Float32Array.BYTES_PER_ELEMENT)
  const handle = allocateRing({ frames, channels: CHANNELS, format: 'float32' })
  const writer = new RingWriter(handle)
  for (let written = 0; written < frames; written += writer.maxChunk) {
    writer.append(new Float32Array(writer.maxChunk * CHANNELS), new Float64Array(writer.maxChunk))
  }
  return { frames, reader: RingReader.attach(handle) }
}

/** Read at the end, so that the compiler cannot drop the work. */
export let intact = 0

function accessTo(label, { frames, reader }) {
  const access = n => {
    for (let i = 0; i < n; i++) if (reader.latest(frames).isIntact()) intact++
  }
  return timed(label, access, { calls: CALLS })
}

function floorOf(bytes) {
  const words = new Int32Array(new SharedArrayBuffer(64))
  const slab = new Float32Array(new SharedArrayBuffer(2 * bytes))
  const values = Math.round(bytes / Float32Array.BYTES_PER_ELEMENT)
  const floor = n => {
    for (let i = 0; i < n; i++) {
      const at = Atomics.load(words, 0)
      if (slab.subarray(at, at + values).length === values && Atomics.add(words, 0, 0) === at) intact++
    }
  }
  return timed('load, subarray, add', floor, { calls: CALLS })
}

function copyOf(label, { frames, reader }) {
  const copy = n => {
    for (let i = 0; i < n; i++) if (reader.latest(frames).data.slice().length > 0) intact++
  }
  return timed(label, copy, { calls: 1, batches: 20 })
}

export default {
  id: 'ring-window',
  about: 'the newest window, validated, without a copy; a copy beside it',
  cases() {
    const rings = Object.fromEntries(Object.entries(SIZES).map(([size, bytes]) => [size, ringOf(bytes)]))
    const sized = Object.entries(SIZES).map(([size, bytes]) => ({
      name: size,
      unit: 'ns/window',
      contenders: [accessTo('latest + isIntact', rings[size]), copyOf('copy', rings[size]), floorOf(bytes)],
    }))
    const contenders = [accessTo('10 MB', rings['10 MB']), accessTo('10 KB', rings['10 KB'])]
    return [...sized, { name: '10 MB against 10 KB', unit: 'ns/window', contenders }]
  },
}
