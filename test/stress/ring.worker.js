// One thread of test/stress/ring.stress.js: the writer, a reader, or the echo of the wake-up phase.
import { parentPort, workerData } from 'node:worker_threads'
import { BYTES, FRAMES } from '../../src/ring/ring-layout.js'
import { MarkerWriter } from '../../src/ring/marker-writer.js'
import { RingReader } from '../../src/ring/ring-reader.js'
import { RingWriter } from '../../src/ring/ring-writer.js'
import { randomOf, timeOf, valueOf } from './ring-words.js'

const { role, handle, answers, spec, forS, validated, seed } = workerData
const { format, channels, frames: window, maxChunk, firstIndex } = spec
const random = randomOf(seed)
const upTo = most => 1 + Math.floor(random() * most)
const value = valueOf[format]

function appendRows(writer, frames) {
  const first = writer.written
  const indices = Array.from({ length: frames }, (_, k) => first + k)
  const rows = indices.map(index => Array.from({ length: channels }, (_, channel) => value(index, channel)))
  const times = Float64Array.from(indices, timeOf)
  if (format === 'string') writer.append(rows, times)
  else writer.append(writer.samples.constructor.from(rows.flat()), times)
}

/** Word by word into the slab, as native code does. */
function writeInPlace(writer, frames) {
  const { samples, times, written } = writer
  const slot = writer.position()
  for (let k = 0; k < frames; k++) {
    for (let channel = 0; channel < channels; channel++) {
      samples[(slot + k) * channels + channel] = value(written + k, channel)
    }
    times[slot + k] = timeOf(written + k)
  }
  writer.publish(frames)
}

function write() {
  const writer = format === 'string' ? new MarkerWriter(handle) : new RingWriter(handle)
  const end = performance.now() + forS * 1000
  let spun = 0
  while (performance.now() < end) {
    for (let burst = upTo(300); burst > 0; burst--) {
      if (format === 'string' || random() < 0.1) appendRows(writer, upTo(2 * maxChunk))
      else writeInPlace(writer, upTo(maxChunk))
    }
    // Now and then readers may catch up, or nearly.
    for (let spin = Math.floor(random() ** 4 * 20_000); spin > 0; spin--) spun += spin
  }
  writer.close()
  return { written: writer.written - firstIndex, spun: spun & 0 }
}

/** Whether every word of the window is what it must be. */
function isRight({ data, times, frames, start }) {
  let right = true
  for (let k = 0; k < frames; k++) {
    if (times[k] !== timeOf(start + k)) right = false
    for (let channel = 0; channel < channels; channel++) {
      const got = format === 'string' ? data[k][channel] : data[k * channels + channel]
      if (got !== value(start + k, channel)) right = false
    }
  }
  return right
}

/**
 * The negative control: every claim answers as if it had been made before the window was read, so nothing that happened
 * while reading is seen. If the harness then finds no bad window, it is blind.
 */
function removeValidation() {
  const words = new Int32Array(handle.control)
  const stale = new Map()
  const { add, load } = Atomics
  Atomics.add = (array, word, n) =>
    (n === 0 && array.buffer === words.buffer ? stale.get(word) : undefined) ?? add(array, word, n)
  return () => {
    for (const { head } of [FRAMES, BYTES]) stale.set(head, load(words, head))
  }
}

function read() {
  const beforeEach = validated ? () => undefined : removeValidation()
  const reader = RingReader.attach(handle)
  reader.cursor = firstIndex
  const counts = { windows: 0, accepted: 0, rejected: 0, bad: 0 }
  const into = format === 'string' ? undefined : new reader.buffer.constructor(window * channels)
  let taken = 0
  for (;;) {
    const kind = reader.closed ? 0 : random()
    beforeEach()
    const got =
      kind < 0.25 && into !== undefined
        ? reader.takeNew({ into })
        : kind < 0.5
          ? reader.takeNew(upTo(window))
          : kind < 0.8
            ? reader.latest(upTo(window))
            : kind < 0.9
              ? reader.snapshot(upTo(window))
              : reader.window(Math.max(firstIndex, reader.written() - upTo(reader.capacity)), 1)
    if (got.frames === 0) {
      if (kind < 0.5 && reader.closed && reader.cursor === reader.written()) break
      if (kind < 0.5) reader.wait(1)
      continue
    }
    if (got.start < firstIndex) continue
    const right = isRight(got)
    const intact = got.isIntact?.() ?? true
    counts.windows++
    counts[intact ? 'accepted' : 'rejected']++
    if (intact && !right) counts.bad++
    if (kind >= 0.5) continue
    if (intact) taken += got.frames
    else reader.cursor = got.start
  }
  // Every frame was either taken whole or counted as lost.
  const miscounted = Math.abs(taken + reader.lost - (reader.written() - firstIndex))
  return { ...counts, lapped: reader.lapped, lost: reader.lost, miscounted: validated ? miscounted : 0 }
}

/** Answers every frame with one of its own, asleep in between. */
function echo() {
  const reader = RingReader.attach(handle)
  reader.cursor = 0
  const writer = new RingWriter(answers)
  while (reader.wait()) {
    reader.takeNew()
    writer.publish(1)
  }
  return {}
}

parentPort.postMessage({ writer: write, reader: read, echo }[role]())
