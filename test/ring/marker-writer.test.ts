import t from 'tap'
import { allocateRing } from '../../src/ring/allocate-ring.js'
import type { RingSpec } from '../../src/ring/allocate-ring.js'
import { MarkerWriter } from '../../src/ring/marker-writer.js'
import { RingReader } from '../../src/ring/ring-reader.js'

function markerRing(spec: Partial<RingSpec> = {}) {
  const handle = allocateRing({ frames: 4, channels: 1, format: 'string', ...spec })
  return { handle, writer: new MarkerWriter(handle), reader: RingReader.attach(handle) }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

t.test(
  'rows of several channels come out as they went in: empty, accented, beyond the first plane, with a BOM',
  async t => {
    const { writer, reader } = markerRing({ channels: 2 })
    const rows = [
      ['', 'a'],
      ['größer', ''],
      ['', ''],
      ['🧠 開始', '\ufeffx\0y'],
    ]
    writer.append(rows, Float64Array.of(1, 2, 3, 4))
    const window = reader.takeNew()
    t.strictSame(window.data, rows)
    t.strictSame([...window.times], [1, 2, 3, 4])
    t.match(window, { frames: 4, channels: 2, start: 0, lost: 0 })
    t.ok(window.isIntact())
  },
)

t.test('frames are built string by string and shown when published, missing channels empty', async t => {
  const { writer, reader } = markerRing({ channels: 2, maxChunk: 3 })
  writer.put(1, utf8('only the second'))
  writer.endFrame(1)
  t.equal(reader.written(), 0)
  writer.publish()
  writer.publish()
  t.strictSame(reader.takeNew().data, [['', 'only the second']])
  for (let time = 2; time < 5; time++) {
    writer.put(0, utf8('replaced'))
    writer.put(0, utf8(`frame ${time}`))
    writer.endFrame(time)
  }
  t.equal(writer.written, 4, 'a full chunk publishes itself')
  t.strictSame(reader.takeNew().data, [['frame 2', ''], ['frame 3', ''], ['frame 4', '']]) // prettier-ignore
})

t.test('a channel that is not put is empty, whatever stood in its slot a lap ago', async t => {
  const { writer, reader } = markerRing({ channels: 2, maxChunk: 2 })
  for (let frame = 0; frame < 2 * reader.capacity; frame++) {
    for (const channel of frame < reader.capacity ? [0, 1] : [frame % 2]) writer.put(channel, utf8(`${frame}`))
    writer.endFrame(frame)
    if (frame % 3 === 0) writer.publish()
  }
  writer.publish()
  t.equal(reader.capacity, 10)
  t.strictSame(reader.latest(4).data, [['16', ''], ['', '17'], ['18', ''], ['', '19']]) // prettier-ignore
})

t.test('too long a string is cut at a code point and counted, by put and by append alike', async t => {
  const { writer, reader } = markerRing({ maxStringBytes: 6 })
  const cases = [
    ['123456', '123456'],
    ['1234567', '123456'],
    ['12345é', '12345'],
    ['1234é7', '1234é'],
    ['123🧠', '123'],
    ['12🧠4', '12🧠'],
  ] as const
  for (const [text, kept] of cases) {
    writer.append([[text]], Float64Array.of(0))
    writer.put(0, utf8(text))
    writer.endFrame(0)
    writer.publish()
    t.strictSame(reader.takeNew().data, [[kept], [kept]], text)
  }
  t.equal(writer.truncated, 10)
  t.equal(reader.truncated, 10, 'readers see the count')
})

t.test('strings survive any number of laps of the bytes, whole or counted as lost', async t => {
  const { writer, reader } = markerRing({ frames: 8, maxChunk: 2, maxStringBytes: 16, stringCapacity: 50 })
  let taken = 0
  for (let i = 0; i < 500; i++) {
    const text = (index: number): string => `${index}:`.padEnd(index % 17, 'x').slice(0, index % 17)
    writer.append([[text(i)]], Float64Array.of(i))
    if (i % 3 !== 0) continue
    const window = reader.takeNew()
    t.strictSame(
      window.data,
      Array.from({ length: window.frames }, (_, k) => [text(window.start + k)]),
    )
    t.strictSame(
      [...window.times],
      Array.from({ length: window.frames }, (_, k) => window.start + k),
    )
    taken += window.frames
  }
  t.equal(taken + reader.lost, 499)
  t.ok(reader.lost > 0, 'three long strings do not fit in 50 bytes')
})

t.test('a row whose bytes were overwritten is lost, though its entry is still there', async t => {
  const { writer, reader } = markerRing({ maxStringBytes: 10, stringCapacity: 30 })
  writer.append([['aaaaaaaaaa'], ['bbbbbbbbbb'], ['cccccccccc']], Float64Array.of(0, 1, 2))
  t.match(reader.latest(3), { data: [['bbbbbbbbbb'], ['cccccccccc']], start: 1, frames: 2, lost: 1 })
  t.match(reader.takeNew(), { start: 1, frames: 2, lost: 1 })
  t.match(reader, { cursor: 3, lost: 1, lapped: 1 })
})

t.test('a window that starts before the first marker leads with empty rows', async t => {
  const { writer, reader } = markerRing()
  writer.append([['go']], Float64Array.of(5))
  t.strictSame(reader.window(1, 3).data, [[''], [''], ['go']])
})

t.test('close publishes what was ended and can be repeated', async t => {
  const { writer, reader } = markerRing()
  writer.put(0, utf8('last'))
  writer.endFrame(1)
  writer.close()
  writer.close()
  t.ok(reader.closed)
  t.strictSame(reader.takeNew().data, [['last']])
  t.throws(() => writer.append([['x']], Float64Array.of(1)), { code: 'ERR_CLOSED' })
})

t.test('a mistake is named and changes nothing', async t => {
  const { writer, reader, handle } = markerRing({ channels: 2 })
  t.throws(() => writer.append([['a', 'b']], Float64Array.of(1, 2)), RangeError)
  t.throws(() => writer.append([['a', 'b'], ['c']], Float64Array.of(1, 2)), { message: /2 strings each, got one of 1/ })
  t.throws(() => writer.put(2, utf8('x')), { message: 'channel must be an integer from 0 to 1, got 2' })
  t.equal(reader.written(), 0)
  t.throws(() => new MarkerWriter(allocateRing({ frames: 1, channels: 1, format: 'int8' })), TypeError)
  t.equal(new MarkerWriter(handle).written, 0)
})
