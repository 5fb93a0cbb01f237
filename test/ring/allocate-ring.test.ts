import t from 'tap'
import { CHANNEL_FORMATS } from '../../src/channel-format.js'
import type { ChannelFormat } from '../../src/channel-format.js'
import { allocateRing } from '../../src/ring/allocate-ring.js'
import type { RingSpec } from '../../src/ring/allocate-ring.js'
import { RingReader } from '../../src/ring/ring-reader.js'

t.test('the slab is at most 3 W + 2 M frames by default, for every format', async t => {
  const bytes: Record<ChannelFormat, number> = {
    float32: 4,
    double64: 8,
    int8: 1,
    int16: 2,
    int32: 4,
    int64: 8,
    string: 12,
  }
  for (const format of CHANNEL_FORMATS) {
    for (const frames of [1, 2, 7, 1000, 60_000]) {
      const maxChunk = Math.min(frames, 1024)
      const { data, times } = allocateRing({ frames, channels: 3, format, maxStringBytes: 100 })
      const slots = times.byteLength / 8
      t.ok(slots <= 3 * frames + 2 * maxChunk, `${format}, ${frames} frames: ${slots} slots`)
      t.equal(data.byteLength, slots * 3 * bytes[format])
    }
  }
})

t.test('a reader learns all it needs from the handle', async t => {
  const spec = { frames: 10, channels: 3, format: 'int16', nominalSrate: 512.5, holdFrames: 5, maxChunk: 4 } as const
  t.match(RingReader.attach(allocateRing(spec)), {
    format: 'int16',
    channels: 3,
    frames: 10,
    capacity: 19,
    nominalSrate: 512.5,
    closed: false,
    position: 0,
    lastT: 0,
  })
})

t.test('an impossible option is named with its value', async t => {
  const cases: [Partial<Record<keyof RingSpec, unknown>>, string, RegExp][] = [
    [{ frames: 0 }, 'RangeError', /^frames must be a whole number from 1 to .*, got 0$/],
    [{ frames: 1.5 }, 'RangeError', /frames .* got 1.5/],
    [{ frames: '5' }, 'TypeError', /frames must be a whole number .*, got "5"$/],
    [{ channels: -1 }, 'RangeError', /channels .* got -1/],
    [{ format: 'float64' }, 'RangeError', /format must be one of 'float32', .*, got "float64"$/],
    [{ nominalSrate: -1 }, 'RangeError', /nominalSrate .* got -1/],
    [{ nominalSrate: Infinity }, 'RangeError', /nominalSrate .* got Infinity/],
    [{ holdFrames: -1 }, 'RangeError', /holdFrames/],
    [{ maxChunk: 0 }, 'RangeError', /maxChunk/],
    [{ maxChunk: 11 }, 'RangeError', /maxChunk must be a whole number from 1 to 10, got 11/],
    [{ firstIndex: -1 }, 'RangeError', /firstIndex/],
    [{ maxStringBytes: 3 }, 'RangeError', /maxStringBytes/],
    [{ maxStringBytes: 10, stringCapacity: 19 }, 'RangeError', /stringCapacity .* from 20 .* got 19/],
    [{ frames: 2 ** 29, holdFrames: 2 ** 30 }, 'RangeError', /frames \+ holdFrames \+ maxChunk/],
    [{ frames: 2 ** 28, channels: 2 ** 20 }, 'RangeError', /bytes of samples: more than there is/],
  ]
  for (const [option, name, message] of cases) {
    const spec = { frames: 10, channels: 2, format: 'string', ...option } as RingSpec
    t.throws(() => allocateRing(spec), { name, message })
  }
})

t.test('what is not a handle is refused', async t => {
  const handle = allocateRing({ frames: 1, channels: 1, format: 'int8' })
  t.throws(() => RingReader.attach({ ...handle, control: new SharedArrayBuffer(4) }), TypeError)
  t.throws(() => RingReader.attach({ ...handle, control: new SharedArrayBuffer(handle.control.byteLength) }), TypeError)
  const other = { ...handle, control: new SharedArrayBuffer(handle.control.byteLength) }
  new Int32Array(other.control).set(new Int32Array(handle.control))
  new Int32Array(other.control)[1] = 99
  t.throws(() => RingReader.attach(other), { message: /ring version 99/ })
  t.throws(() => RingReader.attach({} as never), TypeError)
})
