import { randomFillSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { CHANNEL_FORMATS, allocateSamples } from '../../src/channel-format.js'
import type { SampleArray } from '../../src/channel-format.js'
import { readXdf } from '../../src/xdf/read-xdf.js'
import { AS_RECORDED } from '../../src/xdf/stamps/stamp-correction.js'
import { XdfBytes } from '../../src/xdf/xdf-bytes.js'
import { seededRandom } from '../support/random.js'
import * as xdf from '../support/xdf/xdf-file.js'

t.test('chunks have the bytes that XDF 1.0 says', async t => {
  const bytes = new XdfBytes()
  bytes.fileHeader('<info/>')
  bytes.streamHeader(7, '<info>ä</info>')
  bytes.clockOffset(7, 1.5, -0.25)
  bytes.boundary()
  bytes.streamFooter(7, '<info/>')
  const expected = [
    Buffer.from('XDF:'),
    xdf.chunk(1, Buffer.from('<info/>'), 4),
    xdf.chunk(2, Buffer.concat([Buffer.of(7, 0, 0, 0), Buffer.from('<info>ä</info>')]), 4),
    xdf.chunk(4, Buffer.concat([Buffer.of(7, 0, 0, 0), Buffer.from(Float64Array.of(1.5, -0.25).buffer)]), 4),
    xdf.chunk(5, Buffer.from('43a546dccbf5410fb30ed5467383cbe4', 'hex'), 4),
    xdf.chunk(6, Buffer.concat([Buffer.of(7, 0, 0, 0), Buffer.from('<info/>')]), 4),
  ]
  t.same(bytes.bytes, Buffer.concat(expected))
})

t.test('a stamp is left out where the reader computes the same number, and never at the start of a chunk', async t => {
  const bytes = new XdfBytes()
  const stream = { id: 1, channelCount: 1, channelFormat: 'int8', nominalSrate: 10 } as const
  bytes.samples(stream, Int8Array.of(1, 2, 3, 4, 5), Float64Array.of(5.1, 5.1 + 0.1, 5.3, 5.3 + 0.1, NaN))
  const parts = [{ time: 5.1 }, {}, { time: 5.3 }, {}, { time: NaN }].map((stamp, i) => ({ ...stamp, values: Buffer.of(i + 1) })) // prettier-ignore
  const samples = parts.map(xdf.sampleBytes)
  t.same(bytes.bytes, xdf.chunk(3, Buffer.concat([Buffer.of(1, 0, 0, 0, 4, 5, 0, 0, 0), ...samples]), 4))
})

const random = seededRandom(t)

t.test('every format, whatever its stamps, comes back bit for bit', async t => {
  const file = join(t.testdir(), 'all.xdf')
  for (const format of CHANNEL_FORMATS) {
    for (const [channels, rate] of [
      [1, 0],
      [3, 0.1],
      [512, 1000],
    ] as const) {
      // prettier-ignore
      const stream = { id: 9, channelCount: channels, channelFormat: format, nominalSrate: rate }
      const frames = 40
      const times = Float64Array.from({ length: frames }, (_, i) =>
        random() < 0.2 ? NaN : i / (rate || 1) + (random() < 0.5 ? 0 : random()),
      )
      const samples =
        format === 'string'
          ? Array.from({ length: frames }, () => Array.from({ length: channels }, () => 'ü\0x'.repeat(random() * 200)))
          : allocateSamples(format, frames * channels)
      if (!Array.isArray(samples)) randomFillSync(samples)
      const bytes = new XdfBytes()
      bytes.fileHeader('<info/>')
      bytes.streamHeader(9, xdf.headerXml({ channels, format, rate }))
      bytes.samples(stream, samples, times)
      writeFileSync(file, bytes.bytes)
      const [read] = await readXdf(file, AS_RECORDED)
      t.same([...read!.times], [...times], `${format} x ${channels}: stamps`)
      if (Array.isArray(samples)) t.same(read!.samples, samples, format)
      else
        t.same(
          Buffer.from((read!.samples as SampleArray).buffer),
          Buffer.from(samples.buffer),
          `${format} x ${channels}`,
        )
    }
  }
})

t.test('what was taken back is not in the bytes', async t => {
  const bytes = new XdfBytes()
  bytes.boundary()
  const { length } = bytes
  bytes.streamHeader(1, 'x'.repeat(100_000))
  bytes.truncate(length)
  bytes.boundary()
  t.same(bytes.bytes, Buffer.concat([bytes.bytes.subarray(0, length), bytes.bytes.subarray(0, length)]))
})
