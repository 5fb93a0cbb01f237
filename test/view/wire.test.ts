import t from 'tap'
import { envelopeFrame, readFrame, samplesFrame, stringsFrame } from '../../src/view/wire/frames.js'
import { seededRandom } from '../support/random.js'

const head = { id: 7, channels: 2, count: 3, missed: 5, first: 2 ** 40 }

t.test('a frame of samples comes back as it was, of every format', async t => {
  const stamps = Float64Array.of(1.5, 2.5, 3.5)
  const values = {
    float32: Float32Array.of(1, -2, 3, NaN, 5, 6),
    double64: Float64Array.of(1, -2, 3, Infinity, 5, 6),
    int8: Int8Array.of(1, -2, 3, -128, 5, 127),
    int16: Int16Array.of(1, -2, 3, 4, 5, 6),
    int32: Int32Array.of(1, -2, 3, 4, 5, 2 ** 31 - 1),
    int64: BigInt64Array.of(1n, -2n, 3n, 2n ** 60n, 5n, 6n),
  }
  for (const [format, samples] of Object.entries(values)) {
    const frame = readFrame(samplesFrame(head, format as keyof typeof values, stamps, samples))
    t.match(frame, { ...head, kind: 2, format })
    t.same(frame?.kind === 2 && [...frame.samples], [...samples], format)
    t.same(frame?.kind === 2 && frame.samples.constructor, samples.constructor)
    t.same(frame?.stamps, stamps)
  }
})

t.test('samples that are a part of a ring, at an odd place, come back as they were', async t => {
  const ring = new Float32Array(new SharedArrayBuffer(4 * 11), 4, 10).fill(3)
  const frame = readFrame(samplesFrame({ ...head, count: 1 }, 'float32', Float64Array.of(9), ring.subarray(1, 3)))
  t.same(frame?.kind === 2 && [...frame.samples], [3, 3])
})

t.test('rows of strings come back as they were', async t => {
  const rows = [
    ['a', 'é'],
    ['', '<b>'],
    ['\0', '漢'],
  ]
  const frame = readFrame(stringsFrame(head, Float64Array.of(1, 2, 3), rows))
  t.same(frame?.kind === 3 && frame.rows, rows)
})

t.test('the arrays of an envelope do not overlap', async t => {
  const { buffer, stamps, missing, rms, pairs } = envelopeFrame(head)
  stamps.fill(1)
  missing.fill(2)
  rms.fill(3)
  pairs.fill(4)
  const frame = readFrame(buffer)
  if (frame?.kind !== 1) throw new Error('no envelope')
  t.ok(frame.stamps.length === 6 && frame.stamps.every(v => v === 1))
  t.ok(frame.missing.length === 3 && frame.missing.every(v => v === 2))
  t.ok(frame.rms.length === 2 && frame.rms.every(v => v === 3))
  t.ok(frame.pairs.length === 12 && frame.pairs.every(v => v === 4))
})

t.test('bytes that are no frame are none', async t => {
  const random = seededRandom(t)
  const good = new Uint8Array(samplesFrame(head, 'float32', Float64Array.of(1, 2, 3), new Float32Array(6)))
  let thrown: unknown
  for (let i = 0; i < 20_000 && thrown === undefined; i++) {
    const bytes = good.slice(0, Math.floor(random() * (good.length + 1)))
    for (let k = 0; k < 3 && bytes.length > 0; k++)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(256 * random())
    try {
      readFrame(bytes.buffer)
    } catch (error) {
      thrown = error
    }
  }
  t.equal(thrown, undefined)
  t.equal(readFrame(good.buffer.slice(0, 40)), undefined)
})
