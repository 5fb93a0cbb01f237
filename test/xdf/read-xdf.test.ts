import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { allocateSamples } from '../../src/channel-format.js'
import type { NumericFormat, SampleArray } from '../../src/channel-format.js'
import { readXdf } from '../../src/xdf/read-xdf.js'
import type { XdfStream } from '../../src/xdf/read-xdf.js'
import { AS_RECORDED } from '../../src/xdf/stamps/stamp-correction.js'
import { recording } from '../support/xdf/recordings.js'
import * as xdf from '../support/xdf/xdf-file.js'

interface Read {
  file: string
  streams: XdfStream[]
  damage: string[]
}

async function read(t: Test, ...parts: Buffer[]): Promise<Read> {
  const file = join(t.testdir(), 'recording.xdf')
  writeFileSync(file, Buffer.concat(parts))
  const damage: string[] = []
  const streams = await readXdf(file, { ...AS_RECORDED, onDamage: what => damage.push(what) })
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
    const streams = await readXdf(recording('clock_resets.xdf').file, {
      ...AS_RECORDED,
      onDamage: what => damage.push(what),
    })
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

t.test('one line tells of one kind of damage, however many chunks it cost', async t => {
  const chunks = Array.from({ length: 500 }, (_, i) => xdf.samples(9, [{ time: i, values: floats(i) }]))
  const { damage } = await read(t, xdf.fileHeader(), xdf.streamHeader(1, {}), ...chunks)
  t.equal(damage.length, 1)
  t.match(damage[0], /chunks of stream 9, which has no header, are left out \(500 times, first at byte \d+\)/)
})

t.test('a header that is no strict XML is read as far as it is needed', async t => {
  const odd =
    '<?xml version="1.0"?><info><name>Odd &amp; old</name><type>EEG</type><channel_count>1</channel_count>' +
    '<nominal_srate>10</nominal_srate><channel_format>float32</channel_format><source_id>s</source_id>' +
    '<desc><1>one</1><my channel><label>C3</label></my channel><never closed></desc></info>'
  const header = Buffer.concat([Buffer.of(1, 0, 0, 0), Buffer.from(odd)])
  const { streams, damage } = await read(t, xdf.fileHeader(), xdf.chunk(2, header), xdf.samples(1, [{ time: 1, values: floats(7) }])) // prettier-ignore
  t.same(damage, [])
  t.match(streams[0], { name: 'Odd & old', channelCount: 1, nominalSrate: 10, samples: Float32Array.of(7) })
  t.same(streams[0]?.desc.children.map(({ name }) => name), ['1', 'my channel', 'never closed']) // prettier-ignore
  t.equal(streams[0]?.headerXml, odd)
})

t.test('a chunk whose length is wrong costs no more than itself', async t => {
  const samples = (time: number): Buffer => xdf.samples(1, [{ time, values: floats(time) }])
  const long = samples(1)
  long[1] = 200
  const beyond = xdf.chunk(3, Buffer.concat([Buffer.of(1, 0, 0, 0, 1, 1, 8), Buffer.from(Float64Array.of(2).buffer), floats(2)]), 4) // prettier-ignore
  beyond.writeUInt32LE(2 ** 31, 1)
  for (const [what, damaged] of Object.entries({ long, beyond })) {
    const after = [samples(3), samples(4), xdf.boundary(), samples(5)]
    const { streams } = await read(
      t,
      xdf.fileHeader(),
      xdf.streamHeader(1, {}),
      damaged,
      ...after,
      Buffer.alloc(300, 1),
    )
    t.same([...(streams[0]?.samples ?? [])].slice(-1), [5], `${what}: the samples behind the boundary are there`)
  }
})

t.test('only the wanted streams are read; one that is not there is an error that names it', async t => {
  const file = join(t.testdir(), 'two.xdf')
  const bytes = [xdf.fileHeader(), xdf.streamHeader(1, { name: 'A' }), xdf.streamHeader(2, { name: 'B' })]
  writeFileSync(file, Buffer.concat([...bytes, xdf.samples(2, [{ time: 1, values: floats(1) }])]))
  t.same((await readXdf(file, { streams: ['B'] })).map(({ id }) => id), [2]) // prettier-ignore
  t.same((await readXdf(file, { streams: [1] })).map(({ name }) => name), ['A']) // prettier-ignore
  await t.rejects(readXdf(file, { streams: ['A', 'C'] }), { code: 'ERR_STREAM_NOT_FOUND', message: /'C'/ })
})

t.test('an option that does not exist is refused, and the one that is meant is named', async t => {
  await t.rejects(readXdf('x.xdf', { dejiter: false } as object), new TypeError("openXdf: unknown option 'dejiter', did you mean 'dejitter'?")) // prettier-ignore
  await t.rejects(readXdf('x.xdf', { streams: 'EEG' } as object), {
    name: 'TypeError',
    message: /streams must be a list/,
  })
})

/** Two streams and their samples; `spoil` damages their bytes. */
function damaged(spoil: (parts: { file: Buffer; first: Buffer; second: Buffer }) => void): Buffer[] {
  const header = (id: number, name: string): Buffer =>
    // With a line break, as liblsl ends it.
    xdf.chunk(2, Buffer.concat([Buffer.of(id, 0, 0, 0), Buffer.from(`${xdf.headerXml({ name })}\n`)]), 4)
  const parts = { file: xdf.fileHeader(), first: header(1, 'A'), second: header(2, 'B') }
  spoil(parts)
  const values = [1, 2, 3].map(n => ({ time: n, values: floats(n) }))
  return [parts.file, parts.first, parts.second, xdf.samples(1, values), xdf.boundary(), xdf.samples(2, values)]
}

t.test('a header whose length is damaged costs neither its own stream nor another', async t => {
  const spoilt = [-200, -50, -1, 1, 50, 200, 500, 100_000].map(by => (bytes: Buffer) => bytes.writeUInt32LE(bytes.readUInt32LE(1) + by, 1)) // prettier-ignore
  const noWidth = (bytes: Buffer): number => bytes.writeUInt8(7)
  for (const spoil of [...spoilt, noWidth]) {
    for (const which of ['first', 'second'] as const) {
      const { streams, damage } = await read(t, ...damaged(parts => spoil(parts[which])))
      t.same(streams.map(({ name, times }) => [name, times.length]), [['A', 3], ['B', 3]]) // prettier-ignore
      t.equal(damage.length, 1)
    }
  }
  for (const spoil of [(file: Buffer) => file.writeUInt8(255, 5), (file: Buffer) => file.writeUInt8(3, 4)]) {
    const { streams } = await read(t, ...damaged(({ file }) => spoil(file)))
    t.same(streams.map(({ name, times }) => [name, times.length]), [['A', 3], ['B', 3]]) // prettier-ignore
  }
})

t.test('damage of one kind is one line however its bytes differ, and there are never many lines', async t => {
  const wrong = (width: number): Buffer => xdf.chunk(3, Buffer.concat([Buffer.of(1, 0, 0, 0, 1, 1, width), floats(1)]))
  const chunks = Array.from({ length: 500 }, (_, i) => wrong(9 + (i % 200)))
  const { damage } = await read(t, xdf.fileHeader(), xdf.streamHeader(1, {}), ...chunks)
  t.equal(damage.length, 1)
  t.match(damage[0], /500 times/)
  const unknown = Array.from({ length: 500 }, (_, i) => xdf.samples(10 + i, [{ time: 1, values: floats(1) }]))
  const { damage: lines } = await read(t, xdf.fileHeader(), xdf.streamHeader(1, {}), ...unknown)
  t.equal(lines.length, 51)
  t.match(lines.at(-1), /other damage \(450 times/)
})

t.test('a file that was killed before its first byte, or within its header, says what it is', async t => {
  const file = join(t.testdir(), 'killed.xdf')
  for (const [bytes, message] of [
    [0, /it is empty/],
    [3, /does not begin with/],
    [4, /holds no stream/],
    [20, /holds no stream/],
  ] as const) {
    writeFileSync(file, xdf.fileHeader().subarray(0, bytes))
    await t.rejects(readXdf(file), { code: 'ERR_FILE_INVALID', message })
  }
})
