import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { faultsOf } from '../../src/xdf/check-xdf.js'
import { describeXdf, missingInFooter } from '../../src/xdf/describe-xdf.js'
import { fileHeaderXml, footerXml } from '../../src/xdf/documents.js'
import { readXdf } from '../../src/xdf/read-xdf.js'
import { repairXdf } from '../../src/xdf/repair-xdf.js'
import { AS_RECORDED } from '../../src/xdf/stamps/stamp-correction.js'
import { XdfBytes } from '../../src/xdf/xdf-bytes.js'
import { seededRandom } from '../support/random.js'
import { recording } from '../support/xdf/recordings.js'
import * as xdf from '../support/xdf/xdf-file.js'

const random = seededRandom(t)
const numbers = { id: 1, channelCount: 2, channelFormat: 'int16', nominalSrate: 100 } as const
const texts = { id: 2, channelCount: 1, channelFormat: 'string', nominalSrate: 0 } as const

/** A recording of 60 chunks, and after which byte of it how many frames of each stream are whole. */
function recorded(): { bytes: Buffer; frames: { at: number; numbers: number; texts: number }[] } {
  const bytes = new XdfBytes()
  bytes.fileHeader(fileHeaderXml(new Date(0), 'test'))
  bytes.streamHeader(1, xdf.headerXml({ channels: 2, format: 'int16' }))
  bytes.streamHeader(2, xdf.headerXml({ format: 'string', rate: 0 }))
  const frames = [{ at: bytes.length, numbers: 0, texts: 0 }]
  for (let i = 0; i < 60; i++) {
    const time = i / 10
    bytes.samples(numbers, Int16Array.from({ length: 20 }, (_, n) => i * 10 + (n >> 1)), Float64Array.from({ length: 10 }, (_, n) => time + n / 100)) // prettier-ignore
    if (i % 3 === 0) bytes.samples(texts, [[`text ${i / 3}`]], Float64Array.of(time))
    if (i % 7 === 0) bytes.clockOffset(1, time, 0.001)
    if (i % 7 === 0) bytes.clockOffset(2, time, 0.001)
    if (i % 10 === 9) bytes.boundary()
    frames.push({ at: bytes.length, numbers: 10 * (i + 1), texts: Math.floor(i / 3) + 1 })
  }
  const offsets = Array.from({ length: 9 }, (_, i) => ({ time: (7 * i) / 10, offset: 0.001 }))
  const ending = { clockOffsets: offsets, missing: { inGaps: 0, overwritten: 0 } }
  bytes.streamFooter(1, footerXml({ ...ending, firstTime: 0, lastTime: 5.99, sampleCount: 600 }))
  bytes.streamFooter(2, footerXml({ ...ending, firstTime: 0, lastTime: 5.7, sampleCount: 20 }))
  return { bytes: Buffer.from(bytes.bytes), frames }
}

t.test(
  'a recording that is cut at 200 random bytes keeps all before the cut, and is whole once it is repaired',
  async t => {
    const { bytes, frames } = recorded()
    const folder = t.testdir()
    for (let i = 0; i < 200; i++) {
      const cut = frames[0]!.at + Math.floor(random() * (bytes.length - frames[0]!.at))
      const file = join(folder, `cut-${i}.xdf`)
      const target = join(folder, `whole-${i}.xdf`)
      await writeFile(file, bytes.subarray(0, cut))
      await repairXdf(file, target)
      const faults = faultsOf(await describeXdf(target)).filter(fault => !fault.includes('no clock offsets'))
      if (faults.length > 0) t.fail(`cut at ${cut}: ${faults.join('; ')}`)
      const [ints, strings] = await readXdf(target, AS_RECORDED)
      const least = frames.findLast(({ at }) => at <= cut)!
      if (ints!.times.length < least.numbers || strings!.times.length < least.texts)
        t.fail(`cut at ${cut}: less than there is`)
      if (ints!.times.some((_, n) => ints!.samples[2 * n] !== n)) t.fail(`cut at ${cut}: samples differ`)
      if (strings!.times.some((_, n) => (strings!.samples[n] as string[])[0] !== `text ${n}`))
        t.fail(`cut at ${cut}: texts differ`)
    }
    t.pass('all of them')
  },
)

t.test('what is damaged in the middle is left out, and told', async t => {
  const { bytes } = recorded()
  const folder = t.testdir()
  const file = join(folder, 'damaged.xdf')
  const start = bytes.indexOf('text 5')
  await writeFile(
    file,
    Buffer.concat([bytes.subarray(0, start - 30), Buffer.alloc(40, 0xee), bytes.subarray(start + 10)]),
  )
  t.ok(faultsOf(await describeXdf(file)).length > 0)
  const { damage } = await repairXdf(file, join(folder, 'repaired.xdf'))
  t.ok(damage.length > 0)
  const [ints] = await readXdf(join(folder, 'repaired.xdf'), AS_RECORDED)
  t.equal(ints!.samples.at(-1), 599)
  t.match(ints!.footerXml, `<sample_count>${ints!.times.length}<`)
})

t.test('a file that is whole says so, and comes out of a repair as it went in', async t => {
  const { bytes } = recorded()
  const folder = t.testdir()
  const file = join(folder, 'whole.xdf')
  await writeFile(file, bytes)
  t.same(faultsOf(await describeXdf(file)), [])
  await repairXdf(file, join(folder, 'copy.xdf'))
  t.same(await readXdf(join(folder, 'copy.xdf')), await readXdf(file))
  t.ok((await readFile(file)).equals(bytes), 'the file itself is not changed')
})

t.test('a file that says that something is missing, or has gaps, is not called whole', async t => {
  const file = join(t.testdir(), 'missing.xdf')
  const bytes = new XdfBytes()
  bytes.fileHeader('<info/>')
  bytes.streamHeader(1, xdf.headerXml({ channels: 2, format: 'int16' }))
  bytes.samples(numbers, new Int16Array(6), Float64Array.of(1, 1.01, 2))
  bytes.streamFooter(1, footerXml({ firstTime: 1, lastTime: 2, sampleCount: 4, clockOffsets: [], missing: { inGaps: 98, overwritten: 5 }, interruptions: [{ reason: 'lost: <gone>', from: 7, to: 9, samples: 98 }] })) // prettier-ignore
  await writeFile(file, bytes.bytes)
  const description = await describeXdf(file)
  t.match(faultsOf(description), [
    /holds 3 samples, and its footer says 4/,
    /misses 98 samples \(in gaps\)/,
    /misses 5 samples \(overwritten\)/,
    /1 gaps in its stamps, of 98 samples/,
    /no clock offsets/,
  ])
  t.same(missingInFooter(description.streams[0]!.footer), [['in gaps', 98], ['overwritten', 5]]) // prettier-ignore
})

t.test('an existing file is not overwritten by a repair', async t => {
  const { bytes } = recorded()
  const folder = t.testdir({ 'there.xdf': 'precious' })
  await writeFile(join(folder, 'a.xdf'), bytes)
  await t.rejects(repairXdf(join(folder, 'a.xdf'), join(folder, 'there.xdf')), { code: 'ERR_FILE_EXISTS' })
  t.equal(await readFile(join(folder, 'there.xdf'), 'utf8'), 'precious')
})

t.test(
  'real recordings come out of a repair as they went in',
  { skip: recording('clock_resets.xdf').skip },
  async t => {
    const folder = t.testdir()
    for (const name of ['clock_resets.xdf', 'empty_streams.xdf', 'minimal.xdf'] as const) {
      const { file } = recording(name)
      await repairXdf(file, join(folder, name))
      const [before, after] = [await readXdf(file, AS_RECORDED), await readXdf(join(folder, name), AS_RECORDED)]
      t.same(after.map(({ samples, times }) => [samples, times]), before.map(({ samples, times }) => [samples, times]), name) // prettier-ignore
    }
  },
)
