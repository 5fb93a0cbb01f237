import { uniqueName } from './support/loopback.js'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { ENGINES } from './support/lsl/engines.js'
import type { ChannelFormat } from '../src/channel-format.js'
import { StreamInfo } from '../src/lsl/stream-info.js'
import { StreamOutlet } from '../src/lsl/stream-outlet.js'
import { allocateRing } from '../src/ring/allocate-ring.js'
import { RingBuffer } from '../src/ring/ring-buffer.js'
import { Doorbell } from '../src/lsl/outlet/doorbell.js'
import { OutletWriter } from '../src/signal/jobs/outlet-writer.js'

interface Values {
  readonly fine: readonly unknown[]
  /** Of the right type, but they would arrive as other values. */
  readonly outside: readonly unknown[]
  readonly ofOtherType: readonly unknown[]
}

const whole = (bits: number): Values => ({
  fine: [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, 0, -0],
  outside: [2 ** (bits - 1), -(2 ** (bits - 1)) - 1, 1e300, 0.5, NaN, -Infinity],
  ofOtherType: [1n, '1', true, null, undefined, new Date(0)],
})

const VALUES: Readonly<Record<ChannelFormat, Values>> = {
  float32: {
    fine: [0.1, 3.4028234663852886e38, -1e-300, NaN, Infinity, -Infinity],
    outside: [1e300, -3.5e38, Number.MAX_VALUE],
    ofOtherType: [1n, '1', undefined],
  },
  double64: { fine: [1e300, -Number.MAX_VALUE, NaN, Infinity], outside: [], ofOtherType: [1n, '1', undefined, {}] },
  int8: whole(8),
  int16: whole(16),
  int32: whole(32),
  int64: {
    fine: [0n, 2n ** 63n - 1n, -(2n ** 63n)],
    outside: [2n ** 63n, 2n ** 70n, -(2n ** 63n) - 1n],
    ofOtherType: [1, '1', undefined],
  },
  string: { fine: ['', 'ä\0'], outside: [], ofOtherType: [1, 1n, undefined, null] },
}

for (const [format, { fine, outside, ofOtherType }] of Object.entries(VALUES) as [ChannelFormat, Values][]) {
  t.test(`a value that ${format} cannot hold is refused wherever values are given`, async t => {
    const info = new StreamInfo({ name: uniqueName('values'), channelCount: 1, channelFormat: format })
    const ring = allocateRing({ frames: 100, channels: 1, format })
    const jobOutlet = new OutletWriter({ ring, info: info.fields, bell: new Doorbell().buffer })
    const buffer = RingBuffer.allocate({ frames: 100, channels: 1, format })
    const doors: [string, (values: readonly never[]) => void][] = [
      ['pushSample in a job', values => jobOutlet.pushSample(values)],
      ['pushChunk in a job', values => jobOutlet.pushChunk([values] as never, Float64Array.of(1))],
      ['addSamples, flat', values => buffer.addSamples(values, [1])],
      ['addSamples, rows', values => buffer.addSamples([values], [1])],
    ]
    for (const engine of ENGINES) {
      const outlet = new StreamOutlet(info, { engine })
      t.teardown(() => outlet.close())
      doors.push([`pushSample, ${engine}`, values => outlet.pushSample(values)])
      doors.push([`pushChunk, ${engine}`, values => outlet.pushChunk([values])])
    }
    for (const [door, push] of doors) {
      for (const value of fine) t.doesNotThrow(() => push([value as never]), `${door}: ${String(value)}`)
      for (const value of outside)
        t.throws(
          () => push([value as never]),
          { name: 'RangeError', message: new RegExp(`\\(${format}\\), got `) },
          door,
        )
      for (const value of ofOtherType)
        t.throws(() => push([value as never]), { message: /^(samples|values of '.*') must be / }, door)
    }
  })
}

t.test('a sample in a typed array of another format is checked like any other', async t => {
  const info = new StreamInfo({ name: uniqueName('values'), channelCount: 2, channelFormat: 'int16' })
  await using outlet = new StreamOutlet(info, { engine: 'builtin' })
  outlet.pushSample(Float64Array.of(1, -32768))
  t.throws(() => outlet.pushSample(Float64Array.of(1, 0.5)), RangeError)
  t.throws(() => outlet.pushChunk([Int16Array.of(1, 2), Int32Array.of(1, 40_000)]), RangeError)
})

t.test('what only says that it is a typed array of the format is checked too: C would read beyond its end', async t => {
  const info = new StreamInfo({ name: uniqueName('values'), channelCount: 2, channelFormat: 'float32' })
  await using outlet = new StreamOutlet(info, { engine: 'builtin' })
  const disguised = Object.setPrototypeOf(new Int8Array(2), Float32Array.prototype) as Float32Array
  t.throws(() => outlet.pushChunk(disguised), TypeError)
  t.throws(() => outlet.pushChunk({ constructor: Float32Array, length: 2 } as never), TypeError)
  t.throws(() => outlet.pushSample({ constructor: Float32Array, length: 2, 0: 1, 1: 'x' } as never), TypeError)
  // Of another global object, as under a test runner: it is one.
  const other = runInNewContext('new Float32Array(2)') as Float32Array
  t.doesNotThrow(() => outlet.pushChunk(other))
})
