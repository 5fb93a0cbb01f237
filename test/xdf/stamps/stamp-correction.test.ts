import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { ClockMap } from '../../../src/xdf/stamps/clock-map.js'
import { readXdf } from '../../../src/xdf/read-xdf.js'
import type { XdfStream } from '../../../src/xdf/read-xdf.js'
import { AS_RECORDED } from '../../../src/xdf/stamps/stamp-correction.js'
import { recording } from '../../support/xdf/recordings.js'
import * as xdf from '../../support/xdf/xdf-file.js'

const NS = 1e-9
const named = (streams: readonly XdfStream[], name: string): XdfStream => streams.find(stream => stream.name === name)!

// Computed with 80-bit numbers by the steps of pyxdf 1.17.5: with 64-bit numbers its own stamps scatter by 18 ns between processors.
const EXACT = {
  MyMarkerStream: { 0: 812.927904197, 90: 946.3535991378, 91: 1255.0969479024, 174: 1380.8194507224 },
  BioSemi: { 0: 810.0297917568, 12875: 948.1160987415, 12876: 1221.994856941, 27814: 1383.1842659544 },
}
const EXACT_WITH_JITTER = { 0: 810.0948474452, 12875: 948.2259835741, 12876: 1221.7819558122, 27814: 1383.0923258825 }

const { file, skip } = recording('clock_resets.xdf')
t.test('stamps of a stream whose clock was reset are those of pyxdf, to a nanosecond', { skip }, async t => {
  const streams = await readXdf(file)
  for (const [name, expected] of Object.entries(EXACT)) {
    const { times } = named(streams, name)
    for (const [index, time] of Object.entries(expected)) {
      t.ok(Math.abs(times[Number(index)]! - time) < NS, `frame ${index} of ${name} at ${times[Number(index)]}`)
    }
  }
  const { times } = named(await readXdf(file, { dejitter: false }), 'BioSemi')
  for (const [index, time] of Object.entries(EXACT_WITH_JITTER))
    t.ok(Math.abs(times[Number(index)]! - time) < NS, index)
})

t.test('without corrections the stamps are those in the file', { skip }, async t => {
  const { times } = named(await readXdf(file, AS_RECORDED), 'BioSemi')
  t.equal(times[0], 653150.379117)
})

t.test('one clock offset moves all stamps, none leaves them', async t => {
  const stamps = (...offsets: { time: number; offset: number }[]): number[] => {
    const times = Float64Array.of(1, 2, 3)
    new ClockMap(offsets).corrector()(times)
    return [...times]
  }
  t.same(stamps({ time: 1, offset: 0.5 }), [1.5, 2.5, 3.5])
  t.same(stamps(), [1, 2, 3])
})

t.test('a single wild clock offset does not move the stamps', async t => {
  const offsets = Array.from({ length: 50 }, (_, i) => ({ time: 100 + 5 * i, offset: i === 20 ? 0.9 : 0.01 }))
  const times = Float64Array.of(100, 200, 300)
  new ClockMap(offsets).corrector()(times)
  for (const [i, time] of [100, 200, 300].entries()) t.ok(Math.abs(times[i]! - time - 0.01) < 1e-4, String(times[i]))
})

t.test('jitter goes, a break stays, and a stream that can drop samples is left alone', async t => {
  const folder = t.testdir()
  const rate = 100
  const jittered = (i: number): number => (i < 300 ? 10 : 40) + i / rate + (i % 2 === 0 ? 0.002 : -0.002)
  const rows = Array.from({ length: 600 }, (_, i) => ({ time: jittered(i), values: Buffer.alloc(4) }))
  const drops = '<desc><synchronization><can_drop_samples>true</can_drop_samples></synchronization></desc>'
  const times = async (header: Buffer): Promise<Float64Array> => {
    const path = join(folder, 'jitter.xdf')
    await writeFile(path, Buffer.concat([xdf.fileHeader(), header, xdf.samples(1, rows)]))
    return (await readXdf(path))[0]!.times
  }
  const smooth = await times(xdf.streamHeader(1, { rate }))
  for (let i = 1; i < 600; i++) {
    const step = smooth[i]! - smooth[i - 1]!
    if (i !== 300 && Math.abs(step - 0.01) > 1e-5) t.fail(`a step of ${step} before frame ${i}`)
  }
  t.ok(smooth[300]! - smooth[299]! > 29)
  const xml = xdf.headerXml({ rate }).replace('<desc/>', drops)
  const left = await times(xdf.chunk(2, Buffer.concat([Buffer.of(1, 0, 0, 0), Buffer.from(xml)])))
  t.same([...left], rows.map(({ time }) => time)) // prettier-ignore
})

t.test('a frame too many with a garbage clock offset is left out, as an outlet leaves it that closes', async t => {
  const path = join(t.testdir(), 'extra.xdf')
  const rows = Array.from({ length: 10 }, (_, i) => xdf.samples(1, [{ time: i, values: Buffer.alloc(4) }]))
  const offsets = [0, 5, 10, 15, 900_000].map(time => xdf.clockOffset(1, time, 0.001))
  const footer = xdf.streamFooter(1, '<info><sample_count>9</sample_count></info>')
  const parts = [xdf.fileHeader(), xdf.streamHeader(1, { rate: 1 }), ...rows, ...offsets, footer]
  await writeFile(path, Buffer.concat(parts))
  t.equal((await readXdf(path))[0]?.times.length, 9)
  t.equal((await readXdf(path, AS_RECORDED))[0]?.times.length, 10)
})

t.test('stamps and clock offsets that are no numbers spoil no others', async t => {
  const path = join(t.testdir(), 'nan.xdf')
  const stamps = [NaN, 1, 1.01, NaN, 1.03, Infinity, 1.05]
  const read = async (...offsets: [number, number][]): Promise<number[]> => {
    const rows = stamps.map(time => ({ time, values: Buffer.alloc(4) }))
    const parts = [xdf.fileHeader(), xdf.streamHeader(1, { rate: 100 }), ...offsets.map(each => xdf.clockOffset(1, ...each)), xdf.samples(1, rows)] // prettier-ignore
    await writeFile(path, Buffer.concat(parts))
    return [...(await readXdf(path))[0]!.times].map(time => Math.round(time * 1e9) / 1e9)
  }
  t.same(await read(), [0.99, 1, 1.01, 1.02, 1.03, 1.04, 1.05])
  t.same(await read([NaN, NaN], [1, 0.5], [6, NaN], [11, 1e300]), [1.49, 1.5, 1.51, 1.52, 1.53, 1.54, 1.55])
})
