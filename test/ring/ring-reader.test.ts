import t from 'tap'
import { allocateRing } from '../../src/ring/allocate-ring.js'
import type { RingSpec } from '../../src/ring/allocate-ring.js'
import { counterModulus } from '../../src/ring/ring-layout.js'
import { RingReader } from '../../src/ring/ring-reader.js'
import { RingWriter } from '../../src/ring/ring-writer.js'

/** Frame i of a ring of two channels is [i, -i] at time i / 10. */
function numberedRing(spec: Partial<RingSpec> = {}) {
  const handle = allocateRing({ frames: 4, channels: 2, format: 'double64', ...spec })
  const writer = new RingWriter(handle)
  const append = (frames: number): void => {
    const indices = Array.from({ length: frames }, (_, i) => writer.written + i)
    writer.append(
      Float64Array.from(indices.flatMap(i => [i, -i])),
      Float64Array.from(indices, i => i / 10),
    )
  }
  return { handle, writer, reader: RingReader.attach<Float64Array>(handle), append }
}

const rows = (...indices: number[]): number[] => indices.flatMap(i => [i, -i])

t.test('the newest frames are one view, oldest first, with their times', async t => {
  const { append, reader } = numberedRing()
  append(3)
  const window = reader.latest(2)
  t.strictSame([...window.data], rows(1, 2))
  t.strictSame([...window.times], [0.1, 0.2])
  t.match(window, { frames: 2, channels: 2, start: 1, lost: 0 })
  t.equal(window.data.buffer, reader.buffer.buffer, 'not a copy')
  t.equal(reader.lastT, 0.2)
  t.equal(reader.position, 3)
})

t.test('latest gives fewer frames while the stream is younger, window leads with zeros', async t => {
  const { append, reader } = numberedRing()
  t.match(reader.latest(4), { frames: 0, start: 0 })
  append(1)
  t.equal(reader.latest(4).frames, 1)
  t.strictSame([...reader.window(1, 3).data], [0, 0, 0, 0, 0, -0])
  append(1)
  t.strictSame([...reader.window(2, 4).data], [0, 0, 0, 0, 0, -0, 1, -1])
  t.ok(reader.window(2, 4).isIntact())
})

t.test('every window of every fill is contiguous, across the wrap of the slots and of the counter', async t => {
  const spec = { frames: 5, holdFrames: 3, maxChunk: 2 }
  const capacity = 10
  const modulus = counterModulus(capacity)
  const starts = [0, 2 ** 31 - 13, 2 ** 32 - 7, modulus - 3, 2 * modulus - 1, 5 * modulus, 2 ** 45]
  for (const firstIndex of starts) {
    const { append, reader } = numberedRing({ ...spec, firstIndex })
    t.equal(reader.capacity, capacity)
    t.equal(reader.written(), firstIndex)
    for (let chunk = 1, end = firstIndex; end < firstIndex + 45; chunk = (chunk % 7) + 1) {
      append(chunk)
      end += chunk
      const n = Math.min(5, end - firstIndex)
      const window = reader.latest(n)
      const indices = Array.from({ length: n }, (_, i) => end - n + i)
      t.strictSame([...window.data], rows(...indices), `newest ${n} before ${end}`)
      t.strictSame([...window.times], indices.map(i => i / 10)) // prettier-ignore
      t.equal(reader.written(), end)
      t.ok(window.isIntact())
    }
  }
})

t.test('takeNew takes each frame once, at most a window of them, and can be set back', async t => {
  const { append, reader } = numberedRing()
  append(6)
  t.strictSame([...reader.takeNew().data], rows(0, 1, 2, 3))
  t.strictSame([...reader.takeNew(1).data], rows(4))
  t.equal(reader.cursor, 5)
  reader.cursor = 4
  t.match(reader.takeNew(), { start: 4, frames: 2, lost: 0 })
  t.match(reader.takeNew(), { start: 6, frames: 0, lost: 0 })
  t.match(reader, { lapped: 0, lost: 0 })
})

t.test('a reader that was lapped resumes at the oldest whole frame and is told exactly how many it lost', async t => {
  const { append, reader } = numberedRing({ holdFrames: 4, maxChunk: 2 })
  append(21)
  // C = 10, M = 2: frames 13 to 20 are still whole.
  const window = reader.takeNew()
  t.match(window, { start: 13, frames: 4, lost: 13 })
  t.strictSame([...window.data], rows(13, 14, 15, 16))
  t.ok(window.isIntact())
  t.match(reader.takeNew(), { start: 17, frames: 4, lost: 0 })
  t.match(reader, { lapped: 1, lost: 13 })
})

t.test('a window is intact until the writer may reach it, and never again', async t => {
  const { append, reader } = numberedRing({ holdFrames: 4, maxChunk: 2 })
  append(4)
  const window = reader.latest(4)
  append(4)
  t.ok(window.isIntact(), 'the hold is used up')
  append(1)
  t.notOk(window.isIntact(), 'the next chunk could overwrite frame 0')
  t.notOk(reader.window(4, 4).isIntact(), 'nor can it be had again')
})

t.test('a window is not taken for the one a whole lap of the counter later', async t => {
  const capacity = 12
  const handle = allocateRing({ frames: 4, channels: 1, format: 'int32', firstIndex: counterModulus(capacity) })
  const reader = RingReader.attach(handle)
  t.notOk(reader.window(4, 4).isIntact())
})

t.test('a snapshot is a copy that stays', async t => {
  const { append, reader } = numberedRing()
  append(3)
  const owned = reader.snapshot(2)
  const into = new Float64Array(8)
  const same = reader.snapshot(2, into)
  const exact = new Float64Array(4)
  t.equal(reader.snapshot(2, exact).data, exact)
  append(40)
  t.strictSame([...owned.data], rows(1, 2))
  t.strictSame([...owned.times], [0.1, 0.2])
  t.equal(same.data.buffer, into.buffer)
  t.strictSame([...same.data], rows(1, 2))
})

t.test('two readers have cursors of their own', async t => {
  const { handle, append, reader } = numberedRing()
  append(2)
  const late = RingReader.attach(handle)
  append(1)
  t.match(reader.takeNew(), { start: 0, frames: 3 })
  t.match(late.takeNew(), { start: 2, frames: 1 })
  late.cursor = 0
  t.match(late.takeNew(), { start: 0, frames: 3, lost: 0 })
})

t.test('a mistake is named', async t => {
  const { reader } = numberedRing()
  t.throws(() => reader.latest(5), { name: 'RangeError', message: /n must be .* 4 frames, got 5/ })
  t.throws(() => reader.latest(0.5), RangeError)
  t.throws(() => reader.takeNew(NaN), RangeError)
  t.throws(() => (reader.cursor = NaN), RangeError)
  t.throws(() => reader.snapshot(2, new Float32Array(4)), {
    message: 'into must be a Float64Array, got a Float32Array',
  })
  t.throws(() => reader.snapshot(2, new Float64Array(3)), RangeError)
})
