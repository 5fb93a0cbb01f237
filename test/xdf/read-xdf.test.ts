import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { allocateSamples } from '../../src/channel-format.js'
import type { NumericFormat, SampleArray } from '../../src/channel-format.js'
import { readXdf } from '../../src/xdf/read-xdf.js'
import type { XdfStream } from '../../src/xdf/read-xdf.js'
import { recording } from '../support/recordings.js'
import * as xdf from '../support/xdf-file.js'

interface Read {
  file: string
  streams: XdfStream[]
  damage: string[]
}

async function read(t: Test, ...parts: Buffer[]): Promise<Read> {
  const file = join(t.testdir(), 'recording.xdf')
  writeFileSync(file, Buffer.concat(parts))
  const damage: string[] = []
  const streams = await readXdf(file, { onDamage: what => damage.push(what) })
  return { file, streams, damage }
}

const bytesOf = (values: SampleArray): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength)
const floats = (...values: number[]): Buffer => bytesOf(Float32Array.from(values))

t.test('every numeric format comes back bit for bit, extremes and NaN included', async t => {
  const extremes: Record<NumericFormat, SampleArray> = {
    float32: Float32Array.of(NaN, -0, Infinity, 1.4e-45),
    double64: Float64Array.of(NaN, -0, 5e-324, -Number.MAX_VALUE),
    int8: Int8Array.of(-128, 127, 0, -1),
    int16: Int16Array.of(-32768, 32767, 0, -1),
    int32: Int32Array.of(-2147483648, 2147483647, 0, -1),
    int64: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n),
  }
  for (const [format, values] of Object.entries(extremes)) {
    const header = xdf.streamHeader(7, { channels: 2, format })
    const rows = [values.subarray(0, 2), values.subarray(2, 4)].map((row, i) => ({ time: i, values: bytesOf(row) }))
    const { streams, damage } = await read(t, xdf.fileHeader(), header, xdf.samples(7, rows))
    const [stream] = streams
    t.equal(stream?.channelFormat, format)
    t.equal(stream?.samples.constructor, allocateSamples(format as NumericFormat, 0).constructor)
    t.same(bytesOf(stream!.samples as SampleArray), bytesOf(values), format)
    t.same(damage, [])
  }
})

t.test(
  'string samples keep their channels, empty strings and characters beyond ASCII, whatever the width of their length',
  async t => {
    const values = Buffer.concat([xdf.text('Stärt\0🧠', 8), xdf.text(''), xdf.text('x'.repeat(300), 4)])
    const { streams } = await read(
      t,
      xdf.fileHeader(),
      xdf.streamHeader(1, { channels: 3, format: 'string', rate: 0 }),
      xdf.samples(1, [{ time: 2.5, values }]),
    )
    t.same(streams[0]?.samples, [['Stärt\0🧠', '', 'x'.repeat(300)]])
    t.same(streams[0]?.times, Float64Array.of(2.5))
  },
)

t.test('a missing stamp is the previous one plus one period, over chunks too', async t => {
  const { streams } = await read(
    t,
    xdf.fileHeader(),
    xdf.streamHeader(1, { rate: 10 }),
    xdf.samples(1, [{ time: 5.1, values: floats(1) }, { values: floats(2) }]),
    xdf.samples(1, [{ values: floats(3) }, { time: 9, values: floats(4) }, { values: floats(5) }]),
  )
  t.same(streams[0]?.times, Float64Array.of(5.1, 5.1 + 0.1, 5.1 + 0.1 + 0.1, 9, 9.1))
})

t.test('a missing stamp of an irregular stream repeats the previous one', async t => {
  const { streams } = await read(
    t,
    xdf.fileHeader(),
    xdf.streamHeader(1, { rate: 0 }),
    xdf.samples(1, [{ time: 4, values: floats(1) }, { values: floats(2) }]),
  )
  t.same(streams[0]?.times, Float64Array.of(4, 4))
})

t.test('interleaved streams are told apart, with header, clock offsets and footer', async t => {
  const { streams, damage } = await read(
    t,
    xdf.fileHeader(),
    xdf.streamHeader(1, { name: 'A &amp; B' }),
    xdf.streamHeader(2 ** 32 - 1, { name: 'C', format: 'int8' }),
    xdf.samples(1, [{ time: 1, values: floats(1) }]),
    xdf.clockOffset(2 ** 32 - 1, 10, -0.25),
    xdf.boundary(),
    xdf.samples(2 ** 32 - 1, [{ time: 2, values: Buffer.of(3) }]),
    xdf.samples(1, [{ time: 3, values: floats(4) }]),
    xdf.streamFooter(1, '<info><sample_count>2</sample_count></info>'),
  )
  t.same(damage, [])
  t.same(streams.map(({ id, name, sourceId, type }) => [id, name, sourceId, type]), [
    [1, 'A & B', 'src', 'EEG'],
    [2 ** 32 - 1, 'C', 'src', 'EEG'],
  ]) // prettier-ignore
  t.equal(streams[0]?.headerXml, xdf.headerXml({ name: 'A &amp; B' }))
  t.same(streams[0]?.samples, Float32Array.of(1, 4))
  t.equal(streams[0]?.footerXml, '<info><sample_count>2</sample_count></info>')
  t.same(streams[1]?.samples, Int8Array.of(3))
  t.same(streams[1]?.clockOffsets, [{ time: 10, offset: -0.25 }])
  t.equal(streams[1]?.footerXml, undefined)
})

t.test('a recording cut at any byte keeps every whole sample before the cut and says that it was cut', async t => {
  const head = Buffer.concat([xdf.fileHeader(), xdf.streamHeader(1, { channels: 2 })])
  const first = xdf.samples(1, [{ time: 1, values: floats(1, 2) }])
  const second = [{ time: 2, values: floats(3, 4) }, { values: floats(5, 6) }]
  const whole = Buffer.concat([head, first, xdf.samples(1, second), xdf.streamFooter(1, '<info/>')])
  const ends = [head.length + first.length]
  const secondStart =
    head.length +
    first.length +
    (xdf.samples(1, second).length - second.map(xdf.sampleBytes).reduce((n, b) => n + b.length, 0))
  ends.push(secondStart + 17, secondStart + 26)
  const boundaries = [head.length, ends[0]!, ends[2]!]
  for (let cut = head.length; cut < whole.length; cut++) {
    const { streams, damage } = await read(t, whole.subarray(0, cut))
    const frames = ends.filter(end => cut >= end).length
    if (streams[0]?.times.length !== frames) t.fail(`cut at ${cut}: ${streams[0]?.times.length} frames, not ${frames}`)
    if (streams[0]?.samples.length !== 2 * frames) t.fail(`cut at ${cut}: ${streams[0]?.samples.length} values`)
    if (damage.length > 0 === boundaries.includes(cut))
      t.fail(`cut at ${cut} said ${damage.join(' and ') || 'nothing'}`)
    if (streams[0]?.footerXml !== undefined) t.fail(`cut at ${cut} has a footer`)
  }
})

t.test('reading goes on behind the next boundary when bytes in the middle are damaged', async t => {
  const { file, streams, damage } = await read(
    t,
    xdf.fileHeader(),
    xdf.streamHeader(1, {}),
    xdf.samples(1, [{ time: 1, values: floats(1) }]),
    Buffer.from([9, 9, 9, 9, 9]),
    xdf.samples(1, [{ time: 2, values: floats(2) }]),
    xdf.boundary(),
    xdf.samples(1, [{ time: 3, values: floats(3) }]),
  )
  t.same(streams[0]?.samples, Float32Array.of(1, 3))
  t.equal(damage.length, 1)
  t.match(damage[0], file)
})

t.test('a chunk that promises more samples than it holds loses only those, whatever it promises', async t => {
  const { streams, damage } = await read(
    t,
    xdf.fileHeader(),
    xdf.streamHeader(1, { name: 'Short' }),
    xdf.samples(1, [{ time: 1, values: floats(1) }], 2 ** 32 - 1),
    xdf.samples(1, [{ time: 2, values: floats(2) }]),
  )
  t.same(streams[0]?.samples, Float32Array.of(1, 2))
  t.equal(damage.length, 1)
  t.match(damage[0], /'Short'/)
})

t.test('a stream that cannot be understood is left out and named; the others stay', async t => {
  const wrong: xdf.HeaderFields[] = [
    { format: 'undefined' },
    { channels: 0 },
    { channels: 'x' },
    { rate: -1 },
    { rate: 'x' },
  ]
  for (const fields of wrong) {
    const { streams, damage } = await read(
      t,
      xdf.fileHeader(),
      xdf.streamHeader(1, fields),
      xdf.streamHeader(2, { name: 'Good' }),
      xdf.samples(2, [{ time: 1, values: floats(1) }]),
    )
    t.same(
      streams.map(stream => stream.name),
      ['Good'],
    )
    t.match(damage[0], new RegExp(`stream 1 is left out: its .* is '${Object.values(fields)[0]}'`))
  }
  t.match(
    (await read(t, xdf.fileHeader(), xdf.streamHeader(1, {}), xdf.chunk(2, Buffer.from('\x05\0\0\0<info>')))).damage,
    [/stream 5 is left out/],
  )
})

t.test('a file that is no recording is refused with one line that names it', async t => {
  const folder = t.testdir({ 'garbage.xdf': 'GIF89a '.repeat(50), 'empty.xdf': '', 'bare.xdf': 'XDF:' })
  for (const name of ['garbage.xdf', 'empty.xdf', 'bare.xdf', 'missing.xdf', '.']) {
    const file = join(folder, name)
    await t.rejects(readXdf(file), { code: 'ERR_FILE_INVALID', message: file }, name)
    await t.rejects(readXdf(file), { message: /^.*$/ }, `${name} is refused in one line`)
  }
})

t.test(
  'clock_resets.xdf holds 27,815 frames of 8 channels and 175 markers',
  { skip: recording('clock_resets.xdf').skip },
  async t => {
    const damage: string[] = []
    const streams = await readXdf(recording('clock_resets.xdf').file, { onDamage: what => damage.push(what) })
    t.same(damage, [])
    const markers = streams.find(stream => stream.name === 'MyMarkerStream')
    const eeg = streams.find(stream => stream.name === 'BioSemi')
    t.equal(markers?.samples.length, 175)
    t.same(markers?.samples[0], ['XXX'])
    t.match(eeg, { channelCount: 8, nominalSrate: 100, channelFormat: 'float32', type: 'EEG', sourceId: 'myuid34234' })
    t.equal(eeg?.samples.length, 27815 * 8)
    t.equal(eeg?.times.length, 27815)
    t.equal(eeg?.times[0], 653150.379117)
    t.match(eeg?.footerXml, '<sample_count>27815</sample_count>')
  },
)

t.test('empty_streams.xdf keeps its empty streams empty', { skip: recording('empty_streams.xdf').skip }, async t => {
  const streams = await readXdf(recording('empty_streams.xdf').file)
  t.same(Object.fromEntries(streams.map(({ name, times }) => [name, times.length])), {
    'Empty data stream: test stream 0 counter': 0,
    'Data stream: test stream 0 counter': 10,
    ctrl: 1,
    'Empty marker stream: test stream 0 counter': 0,
  })
  t.equal(streams.find(stream => stream.name.startsWith('Empty data'))?.samples.length, 0)
})

t.test('minimal.xdf deduces the stamps that it leaves out', { skip: recording('minimal.xdf').skip }, async t => {
  const [numbers, texts] = await readXdf(recording('minimal.xdf').file)
  t.same(numbers?.samples.slice(0, 3), Int16Array.of(192, 255, 238))
  t.equal(numbers?.times.length, 9)
  t.same(texts?.samples[1], ['Hello'])
  t.same(numbers?.clockOffsets, [
    { time: 6.1, offset: -0.1 },
    { time: 7.1, offset: -0.1 },
  ])
})
