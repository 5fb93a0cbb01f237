import { hostname } from 'node:os'
import t from 'tap'
import { RingBuffer } from '../../src/ring/ring-buffer.js'
import { ClockHistory } from '../../src/signal/streams/clock-history.js'
import { onLocalClock } from '../../src/signal/streams/on-local-clock.js'

t.test('offsets are straight lines between measurements, level before and after', async t => {
  const history = new ClockHistory([
    { at: 1010, offsetS: 1000 },
    { at: 1020, offsetS: 1000.002 },
    { at: 1030, offsetS: 1000.001 },
  ])
  t.equal(history.offsetAt(5), 1000)
  t.equal(history.offsetAt(10), 1000)
  t.ok(Math.abs(history.offsetAt(15) - 1000.001) < 1e-6)
  t.ok(Math.abs(history.offsetAt(25) - 1000.0015) < 1e-6)
  t.equal(history.offsetAt(500), 1000.001)
})

t.test('a clock that was set, forth or back, is followed without a slope across the step', async t => {
  const history = new ClockHistory([
    { at: 100, offsetS: 0 },
    { at: 110, offsetS: 0 },
    { at: 120, offsetS: -50 },
    { at: 130, offsetS: -50 },
    { at: 140, offsetS: 139 },
  ])
  t.equal(history.offsetAt(111), 0)
  t.equal(history.offsetAt(169), -50, 'nearer to what was measured after it')
  t.equal(history.offsetAt(175), -50)
  t.equal(history.offsetAt(3), 139)
})

t.test('nothing measured changes nothing, one measurement holds for all', async t => {
  t.equal(new ClockHistory([]).offsetAt(7), 0)
  t.equal(new ClockHistory([{ at: 1, offsetS: 0.5 }]).offsetAt(1e9), 0.5)
})

t.test('stamps of another machine are moved by what its watcher has measured, as far as it has', async t => {
  const signal = RingBuffer.allocate({ frames: 4, channels: 1 })
  const clock = RingBuffer.allocate({ frames: 16, channels: 2, format: 'double64' })
  const stream = { name: 'x', type: '', sourceId: '', channelNames: ['a'], channelUnits: [''], channelTypes: [''] }
  const remote = { ...signal.share(), clock: clock.share(), stream: { ...stream, hostname: 'another' } }
  const times = Float64Array.of(1, 2)
  t.strictSame([...onLocalClock(times, remote)], [1, 2])
  clock.addSamples([[10, 0.001]], [11])
  t.strictSame([...onLocalClock(times, remote)], [11, 12])
  clock.addSamples([[10.5, 0.001]], [21.5])
  t.strictSame([...onLocalClock(Float64Array.of(1, 6, 11, 50), remote)], [11, 16.25, 21.5, 60.5])
  t.equal(onLocalClock(times, remote, times), times, 'in place')
})

t.test('stamps of this machine stay what they are: there is one clock', async t => {
  const signal = RingBuffer.allocate({ frames: 4, channels: 1 })
  const clock = RingBuffer.allocate({ frames: 16, channels: 2, format: 'double64' })
  clock.addSamples([[1e-5, 1e-4]], [11])
  const stream = { name: 'x', type: '', sourceId: '', channelNames: [], channelUnits: [], channelTypes: [] }
  const local = { ...signal.share(), clock: clock.share(), stream: { ...stream, hostname: hostname() } }
  t.strictSame([...onLocalClock(Float64Array.of(1.25), local)], [1.25])
})
