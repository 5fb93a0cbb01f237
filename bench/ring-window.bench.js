// Limit: the three operations that no reader can do without (load, read-modify-write, subarray).
// Limit of the last cases: the same window access at 10 KB. Near 1 means that the size does not matter.
import { allocateRing } from '../dist/ring/allocate-ring.js'
import { RingReader } from '../dist/ring/ring-reader.js'
import { RingWriter } from '../dist/ring/ring-writer.js'
import { timed } from './harness.js'
import { pythonWork, stopAll } from './support/python-work.js'

const CHANNELS = 32
const SIZES = { '10 KB': 1e4, '100 KB': 1e5, '1 MB': 1e6, '10 MB': 1e7, '100 MB': 1e8 }
const QUICK = ['10 KB', '10 MB']
const CALLS = 2000
/** A window of so many bytes is copied once per sample; smaller ones more often. */
const COPY_BYTES = 1e7

const framesOf = bytes => Math.round(bytes / CHANNELS / Float32Array.BYTES_PER_ELEMENT)

function ringOf(bytes) {
  const frames = framesOf(bytes)
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

async function sizeCase(size, ring) {
  const bytes = SIZES[size]
  const { frames, reader } = ring
  const calls = Math.max(1, Math.floor(COPY_BYTES / bytes / 20))
  const batches = bytes > COPY_BYTES ? 3 : 10
  const copy = n => {
    for (let i = 0; i < n; i++) if (reader.latest(frames).data.slice().length > 0) intact++
  }
  const order = { do: 'window', frames, channels: CHANNELS, calls, batches }
  const contenders = [
    accessTo('latest + isIntact', ring),
    timed('a copy of the window', copy, { calls, batches }),
    await pythonWork("Python's unfold_buffer", order),
    floorOf(bytes),
  ]
  return { name: size, unit: 'ns/window', contenders, close: () => stopAll(contenders) }
}

export default {
  id: 'ring-window (B2)',
  about: 'the newest window, validated, without a copy; copies beside it',
  async *cases({ quick }) {
    const sizes = quick ? QUICK : Object.keys(SIZES)
    const rings = Object.fromEntries(sizes.map(size => [size, ringOf(SIZES[size])]))
    for (const size of sizes) yield sizeCase(size, rings[size])
    const contenders = sizes.map(size => accessTo(size, rings[size])).reverse()
    yield { name: 'one size against the other', unit: 'ns/window', contenders }
  },
}
