import t from 'tap'
import { allocateSamples } from '../../src/channel-format.js'
import type { NumericFormat } from '../../src/channel-format.js'
import { allocateRing } from '../../src/ring/allocate-ring.js'
import { FRAMES, WAITERS, counterModulus } from '../../src/ring/ring-layout.js'
import { RingReader } from '../../src/ring/ring-reader.js'
import { RingWriter } from '../../src/ring/ring-writer.js'

const NUMERIC: readonly NumericFormat[] = ['float32', 'double64', 'int8', 'int16', 'int32', 'int64']

t.test('data, mirror, publication, a look for waiters and the wake-up come in this order', async t => {
  const handle = allocateRing({ frames: 4, channels: 1, format: 'float32' })
  const writer = new RingWriter(handle)
  const typedArray = Object.getPrototypeOf(Float32Array.prototype) as Float32Array
  const words = new Int32Array(handle.control)
  const log: string[] = []
  const nameOf = (array: unknown, word: number): string => {
    if (array instanceof Int32Array && array.buffer === handle.control) {
      return word === FRAMES.head ? 'HEAD' : word === WAITERS ? 'WAITERS' : `word ${word}`
    }
    return (array as Float32Array).buffer === handle.data ? 'samples' : 'times'
  }
  /** Calls of `method` go on to the real one; the log has them in order. */
  const record = <T extends object>(
    target: T,
    method: keyof T & string,
    describe: (...call: never[]) => string,
  ): void => {
    const real = target[method] as (...args: unknown[]) => unknown
    t.intercept(target, method, {
      configurable: true,
      value: function (this: unknown, ...args: unknown[]) {
        log.push(describe(...([this, ...args] as never[])))
        return real.apply(this, args)
      },
    })
  }
  record(typedArray, 'set', (array: unknown) => `set ${nameOf(array, 0)}`)
  record(typedArray, 'copyWithin', (array: unknown) => `mirror ${nameOf(array, 0)}`)
  for (const method of ['add', 'load', 'store', 'exchange', 'notify'] as const) {
    record(Atomics, method, (_: unknown, array: unknown, word: number) => `${method} ${nameOf(array, word)}`)
  }
  const chunk = Float32Array.of(1, 2)
  const times = Float64Array.of(1, 2)
  const order = ['load HEAD', 'set samples', 'set times', 'mirror samples', 'mirror times', 'add HEAD', 'load WAITERS']

  writer.append(chunk, times)
  t.strictSame(log.splice(0), order, 'no one waits: no notify')
  words[WAITERS] = 1
  writer.append(chunk, times)
  t.strictSame(log.splice(0), [...order, 'notify HEAD'])
})

t.test('every format keeps its extreme values', async t => {
  const extremes: Record<NumericFormat, readonly number[]> = {
    float32: [NaN, -Infinity, -0, 2 ** -149],
    double64: [NaN, Infinity, -0, 5e-324],
    int8: [-128, 127, 0, -1],
    int16: [-(2 ** 15), 2 ** 15 - 1, 0, -1],
    int32: [-(2 ** 31), 2 ** 31 - 1, 0, -1],
    int64: [],
  }
  for (const format of NUMERIC) {
    const handle = allocateRing({ frames: 2, channels: 2, format })
    const samples = allocateSamples(format, 4)
    if (samples instanceof BigInt64Array) samples.set([-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n])
    else samples.set(extremes[format])
    new RingWriter(handle).append(samples, Float64Array.of(-1, 2 ** 40 + 0.001))
    const { data, times } = RingReader.attach(handle).latest(2)
    t.strictSame(data, samples, format)
    t.strictSame(times, Float64Array.of(-1, 2 ** 40 + 0.001))
  }
})

t.test('native code writes in place, up to maxChunk frames from position() on', async t => {
  const handle = allocateRing({ frames: 5, channels: 2, format: 'int32', holdFrames: 2, maxChunk: 3 })
  const writer = new RingWriter(handle)
  const reader = RingReader.attach<Int32Array>(handle)
  t.equal(writer.samples.buffer, handle.data)
  t.equal(writer.samples.length, (reader.capacity + 5) * 2)
  for (let round = 0; round < 40; round++) {
    const first = writer.written
    const frames = round % 4
    for (let k = 0; k < frames; k++) {
      const slot = writer.position() + k
      writer.samples.set([first + k, -first - k] as never, slot * writer.channels)
      writer.times[slot] = first + k
    }
    writer.publish(frames)
    t.equal(writer.written, first + frames)
    const n = Math.min(5, writer.written)
    t.strictSame(
      [...reader.latest(n).times],
      Array.from({ length: n }, (_, k) => writer.written - n + k),
    )
    t.strictSame(
      [...reader.latest(n).data],
      Array.from({ length: n }, (_, k) => [writer.written - n + k, n - writer.written - k]).flat(),
    )
  }
})

t.test('slots that mirror each other are equal after every publication', async t => {
  for (const [frames, holdFrames, maxChunk] of [
    [1, 0, 1],
    [2, 0, 2],
    [3, 1, 2],
    [8, 8, 8],
    [5, 40, 5],
  ] as const) {
    const handle = allocateRing({ frames, holdFrames, maxChunk, channels: 3, format: 'int16' })
    const writer = new RingWriter(handle)
    const capacity = frames + holdFrames + maxChunk
    for (let round = 0; round < 100; round++) {
      const n = (round % (2 * maxChunk)) + 1
      const samples = Int16Array.from({ length: n * 3 }, (_, i) => writer.written * 3 + i)
      writer.append(
        samples,
        Float64Array.from({ length: n }, (_, i) => i + round),
      )
      t.strictSame(writer.samples.slice(0, frames * 3), writer.samples.slice(capacity * 3))
      t.strictSame(writer.times.slice(0, frames), writer.times.slice(capacity))
    }
  }
})

t.test('a second writer goes on where the first one ended, even if that died while the counter wrapped', async t => {
  const capacity = 4 + 4 + 4
  const modulus = counterModulus(capacity)
  const handle = allocateRing({ frames: 4, channels: 1, format: 'int8', firstIndex: modulus - 2 })
  new RingWriter(handle).append(Int8Array.of(1), Float64Array.of(1))
  Atomics.store(new Int32Array(handle.control), FRAMES.lapsBefore, 1)
  const second = new RingWriter(handle)
  t.equal(second.written, modulus - 1)
  second.append(Int8Array.of(2, 3), Float64Array.of(2, 3))
  const reader = RingReader.attach<Int8Array>(handle)
  t.equal(reader.written(), modulus + 1)
  t.strictSame([...reader.latest(4).data], [1, 2, 3])
})

t.test('a closed ring takes nothing more, but gives what it has', async t => {
  const handle = allocateRing({ frames: 4, channels: 1, format: 'int8' })
  const writer = new RingWriter(handle)
  const reader = RingReader.attach<Int8Array>(handle)
  writer.append(Int8Array.of(1), Float64Array.of(1))
  t.notOk(reader.closed)
  writer.close()
  writer.close()
  t.ok(reader.closed)
  t.throws(() => writer.append(Int8Array.of(2), Float64Array.of(2)), { code: 'ERR_CLOSED' })
  t.throws(() => writer.publish(1), { code: 'ERR_CLOSED' })
  t.equal(reader.written(), 1)
  const window = reader.takeNew()
  t.strictSame([...window.data], [1])
  t.ok(window.isIntact())
  t.equal(RingReader.attach(handle).written(), 1)
})

t.test('a ring that another thread closes stays closed, whatever its writer is about to publish', async t => {
  const handle = allocateRing({ frames: 4, channels: 1, format: 'int8', firstIndex: counterModulus(12) - 1 })
  const words = new Int32Array(handle.control)
  const writer = new RingWriter(handle)
  const { load } = Atomics
  // Closed between the writer's look at the flag and its publication.
  t.intercept(Atomics, 'load', {
    configurable: true,
    value: (array: Int32Array, word: number) => {
      const value = load(array, word)
      if (word === FRAMES.head) Atomics.or(words, FRAMES.head, -(2 ** 31))
      return value
    },
  })
  writer.publish(2)
  const reader = RingReader.attach(handle)
  t.ok(reader.closed)
  t.equal(reader.written(), counterModulus(12) + 1)
})

t.test('a mistake is named and changes nothing', async t => {
  const handle = allocateRing({ frames: 4, channels: 2, format: 'float32', maxChunk: 3 })
  const writer = new RingWriter(handle)
  t.throws(() => writer.append(new Float64Array(2), new Float64Array(1)), {
    name: 'TypeError',
    message: 'samples must be a Float32Array, got a Float64Array',
  })
  t.throws(() => writer.append(new Float32Array(3), new Float64Array(2)), {
    name: 'RangeError',
    message: 'samples must hold 2 times x 2 channels = 4 values, got 3',
  })
  for (const frames of [-1, 4, 0.5, NaN]) t.throws(() => writer.publish(frames), RangeError)
  t.equal(writer.written, 0)
  t.throws(() => new RingWriter(allocateRing({ frames: 4, channels: 2, format: 'string' })), TypeError)
})
