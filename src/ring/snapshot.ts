import { allocateSamples } from '../channel-format.js'
import type { NumericFormat, SampleArray } from '../channel-format.js'
import { copySamples, typeName } from './copy-samples.js'
import { READER_STEPS, claim, isWhole, observe } from './protocol.js'
import { FRAMES, slotOf } from './ring-layout.js'
import type { RingMemory } from './ring-memory.js'
import type { OwnedWindow } from './window.js'

/** How often to copy, half as many frames each time, when the writer overtakes the copy. */
const TRIES = 4

/** The stamps of the copies into one array. They last as long as it does, and like it are overwritten by the next copy. */
const stampsOf = new WeakMap<SampleArray, Float64Array>()

function stampsFor(into: SampleArray | undefined, n: number): Float64Array {
  if (into === undefined) return new Float64Array(n)
  const known = stampsOf.get(into)
  if (known !== undefined && known.length >= n) return known
  const stamps = new Float64Array(n)
  stampsOf.set(into, stamps)
  return stamps
}

/** Copies the newest `n` frames of a numeric ring and validates the copy: READER_STEPS from the first to the last. */
export function takeSnapshot(memory: RingMemory, n: number, into?: SampleArray): OwnedWindow<SampleArray> {
  const { words, modulus, channels, capacity, firstIndex } = memory
  checkTarget(memory, n, into)
  const data = into ?? allocateSamples(memory.format as NumericFormat, n * channels)
  const times = stampsFor(into, n)
  let wanted = n
  let frames = 0
  let start = 0
  let intact = false
  for (let tries = 0; tries < TRIES && !intact; tries++) {
    for (const step of READER_STEPS) {
      if (step === 'observe') {
        const end = observe(words, FRAMES, modulus)
        frames = Math.min(wanted, end - firstIndex)
        start = end - frames
      } else if (step === 'read') {
        const slot = slotOf(start, capacity)
        copySamples(data, 0, memory.samples, slot * channels, (slot + frames) * channels)
        copySamples(times, 0, memory.times, slot, slot + frames)
      } else intact = isWhole(start, claim(words, FRAMES, modulus), memory.maxChunk, capacity)
    }
    // The newest part is the last to be overwritten.
    wanted = wanted >> 1
  }
  if (!intact) frames = 0
  return {
    data: data.length === frames * channels ? data : data.subarray(0, frames * channels),
    times: times.length === frames ? times : times.subarray(0, frames),
    frames,
    channels,
    start,
    lost: Math.max(0, Math.min(n, start + frames - firstIndex) - frames),
  }
}

function checkTarget(memory: RingMemory, n: number, into: SampleArray | undefined): void {
  if (into === undefined) return
  const expected = typeName(memory.samples)
  if (typeName(into) !== expected) throw new TypeError(`into must be a ${expected}, got a ${typeName(into)}`)
  if (into.length < n * memory.channels) {
    throw new RangeError(`into must hold ${n} frames x ${memory.channels} channels, got ${into.length} values`)
  }
}
