import t from 'tap'
import { allocateRing } from '../../src/ring/allocate-ring.js'
import type { RingSpec } from '../../src/ring/allocate-ring.js'
import { counterModulus } from '../../src/ring/ring-layout.js'
import { RingReader } from '../../src/ring/ring-reader.js'
import { ringWindows } from '../../src/ring/ring-windows.js'
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

t.test('new frames are copied into an array of the caller, as many as it has room for', async t => {
  const { append, reader } = numberedRing()
  const into = new Float64Array(6)
  append(4)
  const window = reader.takeNew({ into })
  t.match(window, { frames: 3, channels: 2, start: 0, lost: 0 })
  t.equal(window.data.buffer, into.buffer)
  t.strictSame([...window.data], rows(0, 1, 2))
  t.strictSame([...window.times], [0, 0.1, 0.2])
  append(2)
  t.ok(window.isIntact())
  t.strictSame([...window.data], rows(0, 1, 2), 'a copy')
  t.strictSame([...reader.takeNew({ into, maxFrames: 2 }).data], rows(3, 4))
  t.strictSame([...reader.takeNew({ into }).data], rows(5))
  t.match(reader.takeNew({ into }), { frames: 0, start: 6, lost: 0 })
  t.equal(reader.cursor, 6)
})

t.test('what was overwritten before the copy is lost, and counted', async t => {
  const { append, reader } = numberedRing({ maxChunk: 1, holdFrames: 0 })
  const into = new Float64Array(20)
  append(100)
  const window = reader.takeNew({ into })
  t.match(window, { frames: 4, start: 96, lost: 96 })
  t.strictSame([...window.data], rows(96, 97, 98, 99))
  t.match(reader, { lost: 96, lapped: 1 })
  reader.cursor = 200
  t.match(reader.takeNew({ into }), { frames: 0, start: 200, lost: 0 }, 'a cursor in the future stays')
})

t.test('copies of every format are those of the ring', async t => {
  for (const format of ['int8', 'int16', 'int32', 'float32', 'double64', 'int64'] as const) {
    const handle = allocateRing({ frames: 5, channels: 3, format })
    const writer = new RingWriter(handle)
    const reader = RingReader.attach<Int16Array>(handle)
    const make = writer.samples.constructor as new (length: number) => Int16Array
    const into = new make(15)
    const samples = new make(15)
    for (let i = 0; i < 15; i++) samples[i] = (format === 'int64' ? BigInt(i - 7) : i - 7) as number
    for (let round = 0; round < 7; round++) {
      writer.append(samples.subarray(0, 9), Float64Array.of(1, 2, 3))
      t.strictSame(reader.takeNew({ into }).data, samples.subarray(0, 9))
    }
  }
})

t.test('copying chunks of lengths that were seen before makes no window and no array', async t => {
  const { append, reader } = numberedRing()
  const into = new Float64Array(8)
  append(2)
  const { data, times } = reader.takeNew({ into })
  append(1)
  const other = reader.takeNew({ into })
  t.not(other.data, data)
  append(2)
  const again = reader.takeNew({ into })
  t.equal(again, other)
  t.equal(again.data, data)
  t.equal(again.times, times)
})

t.test('a reader knows the stream whose ring it reads, if it was told', async t => {
  const { handle, reader } = numberedRing()
  t.equal(reader.stream, undefined)
  t.strictSame(reader.channelNames, ['ch_1', 'ch_2'])
  const stream = {
    name: 'eeg',
    type: 'EEG',
    sourceId: 'x',
    hostname: 'h',
    channelNames: ['C3', 'C4'],
    channelUnits: ['uV', 'uV'],
    channelTypes: ['EEG', 'EEG'],
  }
  const told = RingReader.attach(structuredClone({ ...handle, stream }))
  t.strictSame(told.stream, stream)
  t.strictSame(told.channelNames, ['C3', 'C4'])
})

t.test('windows() gives copies if asked for: what comes later does not change them', async t => {
  const { append, writer, reader } = numberedRing()
  append(2)
  const seen: number[] = []
  for await (const window of ringWindows(reader, { copy: true })) {
    const { data, start } = window
    if (start === 0) append(40)
    seen.push(...data.slice(0, 2))
    if (writer.written > 40) writer.close()
  }
  t.strictSame(seen.slice(0, 2), rows(0), 'although all of it was overwritten meanwhile')
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
  t.throws(() => reader.takeNew({ into: new Float32Array(4) }), {
    message: 'into must be a Float64Array, got a Float32Array',
  })
  t.throws(() => reader.takeNew({ into: new Float64Array(1) }), { name: 'RangeError', message: /at least one frame/ })
  t.throws(() => reader.takeNew({ into: [] } as never), { name: 'TypeError', message: /into must be a typed array/ })
  const strings = RingReader.attach(allocateRing({ frames: 4, channels: 1, format: 'string' }))
  t.throws(() => strings.takeNew({ into: new Float64Array(4) }), { name: 'TypeError', message: /rows of strings/ })
})

t.test('copies into one array have one array of stamps, those into others have others', async t => {
  const ring = allocateRing({ frames: 8, channels: 1, format: 'float32' })
  const writer = new RingWriter(ring)
  const reader = RingReader.attach(ring)
  writer.append(Float32Array.of(1, 2, 3), Float64Array.of(11, 12, 13))
  const into = new Float32Array(8)
  const first = reader.snapshot(3, into).times
  const kept = reader.snapshot(3).times
  const other = reader.snapshot(2, new Float32Array(8)).times
  writer.append(Float32Array.of(4), Float64Array.of(14))
  t.same([...reader.snapshot(2, into).times], [13, 14])
  t.same([...first.subarray(0, 2)], [13, 14], 'overwritten, as the samples are')
  t.same([...reader.snapshot(4, into).times], [11, 12, 13, 14], 'and more of them')
  t.same([...kept], [11, 12, 13])
  t.same([...other], [12, 13])
})
