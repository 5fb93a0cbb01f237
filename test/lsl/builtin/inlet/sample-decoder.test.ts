import t from 'tap'
import fc from 'fast-check'
import { allocateSamples, CHANNEL_FORMATS } from '../../../../src/channel-format.js'
import type { NumericFormat, SampleArray } from '../../../../src/channel-format.js'
import { RAW_STAMPS } from '../../../../src/lsl/builtin/clock/stamp-filter.js'
import { encodeNumeric } from '../../../../src/lsl/builtin/codec/encode-numeric.js'
import { encodeStrings } from '../../../../src/lsl/builtin/codec/encode-strings.js'
import { swapBlock } from '../../../../src/lsl/builtin/codec/swap-bytes.js'
import { chooseSampleDecoder } from '../../../../src/lsl/builtin/inlet/choose-sample-decoder.js'
import type { SampleDecoder } from '../../../../src/lsl/builtin/inlet/sample-decoder.js'
import type { ReceiveBuffer } from '../../../../src/lsl/builtin/inlet/receive-buffer.js'
import { Stamper } from '../../../../src/lsl/builtin/outlet/stamper.js'
import { FrameBuffer, StringBuffer } from '../../../../src/lsl/frame-buffer.js'
import { StreamInfo } from '../../../../src/lsl/stream-info.js'

const RATE = 7

function streamOf(channelFormat: (typeof CHANNEL_FORMATS)[number], channelCount: number): StreamInfo {
  return new StreamInfo({ name: 'x', channelCount, channelFormat, nominalSrate: RATE })
}

/** Any bits: NaN payloads and subnormals among them. */
function randomSamples(format: NumericFormat, bytes: Uint8Array, values: number): SampleArray {
  const samples = allocateSamples(format, values)
  const memory = new Uint8Array(samples.buffer)
  for (let i = 0; i < memory.length; i++) memory[i] = bytes[i % bytes.length] ?? 0
  return samples
}

/** The stamps as an inlet has them: those sent, the others one period after the one before. */
function stampsOf(sent: Float64Array): number[] {
  let last = 0
  return Array.from(sent, stamp => (last = Number.isNaN(stamp) ? last + 1 / RATE : stamp))
}

/** A decoder after the handshake. */
function receiving(info: StreamInfo, queueFrames: number, bufferBytes: number): SampleDecoder {
  const decoder = chooseSampleDecoder(info, queueFrames, RAW_STAMPS, bufferBytes)
  decoder.receiving = true
  return decoder
}

/** Delivers `wire` in pieces of the given sizes, as a socket would; between two, `turn` may take what is there. */
function deliver(
  buffer: ReceiveBuffer,
  wire: Uint8Array,
  sizes: readonly number[],
  spill: () => void,
  turn: () => void,
): void {
  let at = 0
  for (let index = 0; at < wire.byteLength; index++) {
    const room = buffer.next()
    const size = Math.min(room.byteLength, sizes[index % sizes.length] ?? 1, wire.byteLength - at)
    room.set(wire.subarray(at, at + size))
    at += size
    if (buffer.end > buffer.start) spill()
    buffer.end += size
    turn()
  }
}

const numeric = fc.record({
  format: fc.constantFrom(...CHANNEL_FORMATS.filter(format => format !== 'string')),
  channels: fc.integer({ min: 1, max: 80 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
  stamps: fc.array(fc.oneof(fc.constant(-1), fc.double({ noNaN: true, min: 1 })), { minLength: 1, maxLength: 60 }),
  sizes: fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1 }),
  pulls: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1 }),
  chunk: fc.integer({ min: 1, max: 20 }),
  bufferBytes: fc.integer({ min: 700, max: 4000 }),
  bigEndian: fc.boolean(),
})

t.test('numbers arrive bit for bit, however TCP cuts them and whenever they are pulled', async t => {
  fc.assert(
    fc.property(numeric, ({ format, channels, bytes, stamps, sizes, pulls, chunk, bufferBytes, bigEndian }) => {
      const frames = stamps.length
      const data = randomSamples(format, bytes, frames * channels)
      const stamper = new Stamper(RATE, false)
      const sent = stamper.sent(Float64Array.from(stamps), frames)
      const block = encodeNumeric(data, channels, 0, frames, sent, stamper.advance(sent, 0, frames))
      const wire = bigEndian ? swapBlock(block, channels, data.BYTES_PER_ELEMENT).bytes : block.bytes

      const intake = receiving(streamOf(format, channels), 1000, bufferBytes)
      intake.begin({ uid: '', bigEndian, suppressSubnormals: false }, RATE)
      const sink = new FrameBuffer(format, channels, chunk)
      const got: number[] = []
      const times: number[] = []
      const pull = (): number => {
        const count = intake.pull(sink)
        got.push(...new Uint8Array(sink.samples.buffer, 0, count * channels * data.BYTES_PER_ELEMENT))
        times.push(...sink.times.subarray(0, count))
        return count
      }
      let turn = 0
      deliver(
        intake.buffer,
        wire,
        sizes,
        () => intake.spill(),
        () => {
          for (let left = pulls[turn++ % pulls.length] ?? 0; left > 0; left--) pull()
        },
      )
      intake.spill()
      t.equal(intake.queued, frames - times.length)
      while (pull() > 0);
      t.strictSame(times, stampsOf(sent))
      t.ok(Buffer.from(got).equals(Buffer.from(data.buffer as ArrayBuffer)))
    }),
    { numRuns: 300 },
  )
})

t.test('texts arrive byte for byte, however TCP cuts them and whenever they are pulled', async t => {
  const rows = fc.integer({ min: 1, max: 5 }).chain(channels =>
    fc.record({
      channels: fc.constant(channels),
      rows: fc.array(
        fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('x'.repeat(300)), fc.constant('a\0b')), {
          minLength: channels,
          maxLength: channels,
        }),
        { minLength: 1, maxLength: 20 },
      ),
      sizes: fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1 }),
      pulls: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1 }),
      bigEndian: fc.boolean(),
    }),
  )
  fc.assert(
    fc.property(rows, ({ channels, rows, sizes, pulls, bigEndian }) => {
      const blocks = rows.map((row, index) => encodeStrings(row, index === 0 ? 10 : NaN, 10))
      const wire = Buffer.concat(blocks.map(block => (bigEndian ? swapBlock(block, channels, undefined) : block).bytes))
      const intake = receiving(streamOf('string', channels), 1000, 64)
      intake.begin({ uid: '', bigEndian, suppressSubnormals: false }, RATE)
      const sink = new StringBuffer(channels, 2)
      let turn = 0
      deliver(
        intake.buffer,
        wire,
        sizes,
        () => intake.spill(),
        () => {
          for (let left = pulls[turn++ % pulls.length] ?? 0; left > 0; left--) intake.pull(sink)
        },
      )
      intake.spill()
      t.equal(intake.queued, rows.length - sink.rows.length)
      while (intake.pull(sink) > 0);
      t.strictSame(sink.rows, rows)
      t.strictSame(sink.times, stampsOf(Float64Array.from(rows, (_, index) => (index === 0 ? 10 : NaN))))
    }),
    { numRuns: 200 },
  )
})

t.test('a queue that nobody pulls keeps the newest frames and counts the others', async t => {
  const frames = 5000
  for (const most of [1, 100, 4999, 5000]) {
    const data = Int32Array.from({ length: frames }, (_, index) => index)
    const sent = Float64Array.from(data, index => index + 1)
    const intake = receiving(streamOf('int32', 1), most, 1000)
    const { bytes } = encodeNumeric(data, 1, 0, frames, sent, 1)
    deliver(
      intake.buffer,
      bytes,
      [777],
      () => intake.spill(),
      () => undefined,
    )
    intake.spill()
    t.equal(intake.queued, most)
    t.equal(intake.dropped, frames - most)
    const sink = new FrameBuffer('int32', 1, frames)
    let got = 0
    let first = NaN
    for (let count; (count = intake.pull(sink)) > 0; got += count) if (got === 0) first = Number(sink.samples[0])
    t.equal(got, most)
    t.equal(first, frames - most)
  }
  const texts = receiving(streamOf('string', 1), 100, 100)
  const wire = Buffer.concat(Array.from({ length: frames }, (_, i) => encodeStrings([String(i)], i, i).bytes))
  deliver(
    texts.buffer,
    wire,
    [50],
    () => texts.spill(),
    () => undefined,
  )
  texts.spill()
  t.equal(texts.dropped, frames - 100)
  const sink = new StringBuffer(1, frames)
  texts.pull(sink)
  t.same([sink.rows[0], sink.rows.length], [[String(frames - 100)], 100])
})

t.test('subnormals become zeros of their sign when the outlet says so', async t => {
  const info = streamOf('float32', 4)
  const intake = receiving(info, 10, 1000)
  intake.begin({ uid: '', bigEndian: false, suppressSubnormals: true }, 0)
  const { bytes } = encodeNumeric(Float32Array.of(1e-40, -1e-40, 1.5, NaN), 4, 0, 1, Float64Array.of(1), 1)
  deliver(
    intake.buffer,
    bytes,
    [1000],
    () => undefined,
    () => undefined,
  )
  const sink = new FrameBuffer('float32', 4, 1)
  t.equal(intake.pull(sink), 1)
  t.same([...sink.samples], [0, -0, 1.5, NaN])
  t.ok(Object.is(sink.samples[1], -0))
})

t.test('a text whose length makes no sense is a fault, and reserves no memory', async t => {
  for (const hex of ['02000000000000000003', '02000000000000000008ffffffffffffff7f']) {
    const intake = receiving(streamOf('string', 1), 10, 100)
    deliver(
      intake.buffer,
      Buffer.from(hex, 'hex'),
      [100],
      () => undefined,
      () => undefined,
    )
    t.equal(intake.pull(new StringBuffer(1, 1)), 0)
    t.match(intake.fault, /is said to take/)
  }
})

t.test('a row of very many texts that comes in small pieces is read once', async t => {
  const channels = 2 ** 18
  const row = Array.from({ length: channels }, (_, channel) => `text ${channel % 7}`)
  const wire = encodeStrings(row, 5, 5).bytes
  const intake = receiving(streamOf('string', channels), 10, 4096)
  intake.begin({ uid: '', bigEndian: false, suppressSubnormals: false }, RATE)
  const sink = new StringBuffer(channels, 1)
  let rows = 0
  const before = process.cpuUsage()
  const pull = (): void => void (rows += intake.pull(sink))
  deliver(intake.buffer, wire, [512], pull, () => undefined)
  pull()
  const { user, system } = process.cpuUsage(before)
  t.equal(rows, 1)
  t.equal(sink.rows[0]?.[channels - 1], row.at(-1))
  // Read anew with each piece it takes a minute.
  t.ok(user + system < 5e6, `${(user + system) / 1e6} s`)
})
