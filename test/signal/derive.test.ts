import '../support/loopback.js'
import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { resolveByProp } from '../../src/lsl/resolve.js'
import { StreamInlet } from '../../src/lsl/stream-inlet.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import { RingBuffer } from '../../src/ring/ring-buffer.js'
import { derive, derivedInfo } from '../../src/signal/streams/derive.js'
import type { DeriveInput, DeriveOutput } from '../../src/signal/streams/derive.js'
import { StopEvent } from '../../src/stop-event.js'
import { uniqueName } from '../support/loopback.js'

function scripted(
  channelCount: number,
  compute: (input: DeriveInput) => DeriveOutput,
  channelFormat: 'float32' | 'int16' | 'int64' = 'float32',
) {
  const ring = RingBuffer.allocate<Float32Array>({ frames: 50, channels: 2, nominalSrate: 100 })
  const sent: { data: number[]; times: number[] }[] = []
  const derivation = derive(ring.share(), compute, {
    info: { name: 'derived', channelCount, channelFormat },
    pushChunk: (data, times) => void sent.push({ data: Array.from(data as Float32Array), times: [...times] }),
  })
  return { ring, sent, derivation }
}

t.test('the output has the stamps of its input', async t => {
  const { ring, sent, derivation } = scripted(1, ({ data, frames }) =>
    Array.from({ length: frames }, (_, i) => Number(data[2 * i]) + Number(data[2 * i + 1])),
  )
  ring.addSamples([[1, 2], [3, 4]], [10, 10.01]) // prettier-ignore
  t.ok(derivation.step())
  t.notOk(derivation.step())
  t.strictSame(sent, [{ data: [3, 7], times: [10, 10.01] }])
  t.match(derivation.stats, { framesIn: 2, framesOut: 2, lost: 0 })
  t.ok(derivation.stats.processingS.max >= 0 && derivation.stats.ageS.p50 > 0)
})

t.test('fewer frames come with their own stamps, none send nothing, and losses are told', async t => {
  const losses: number[] = []
  const { ring, sent, derivation } = scripted(2, ({ data, times, lost }) => {
    losses.push(lost)
    return losses.length === 1 ? undefined : { data: data.slice(0, 2) as Float32Array, times: times.slice(0, 1) }
  })
  ring.addSamples([[1, 2]], [10])
  derivation.step()
  ring.addSamples(
    new Float32Array(2 * 300),
    Float64Array.from({ length: 300 }, (_, i) => 20 + i),
  )
  derivation.step()
  t.strictSame(losses.length, 2)
  t.ok(losses[1]! > 0)
  t.equal(derivation.stats.lost, losses[1])
  t.equal(sent.length, 1)
  t.equal(sent[0]!.times.length, 1)
})

t.test('whole numbers are rounded, and one that the format cannot hold is refused', async t => {
  for (const channelFormat of ['int16', 'int64'] as const) {
    const { ring, sent, derivation } = scripted(2, ({ data }) => data as Float32Array, channelFormat)
    ring.addSamples([[1.5, -7.2]], [10])
    derivation.step()
    t.strictSame(sent.map(({ data }) => data.map(Number)), [[2, -7]]) // prettier-ignore
    for (const value of [NaN, 1e30]) {
      ring.addSamples([[0, value]], [11])
      t.throws(() => derivation.step(), { message: /^values of 'derived' must be / }, String(value))
    }
    t.equal(sent.length, 1)
  }
})

t.test('it ends with a stop, and with its ring, after all was sent', async t => {
  const { ring, sent, derivation } = scripted(2, ({ data }) => data as Float32Array)
  const stop = new StopEvent()
  const running = derivation.run(stop)
  setImmediate(() => stop.set())
  await running
  ring.addSamples([[1, 2]], [10])
  ring.close()
  await derivation.run(new StopEvent())
  t.equal(sent.length, 1)
})

t.test('on the network a derived stream has the stamps of its source, and ends with a stop', async t => {
  const engine = { engine: 'builtin' } as const
  const name = uniqueName('derived')
  const ring = RingBuffer.allocate<Float32Array>({ frames: 500, channels: 2, nominalSrate: 100 })
  const outlet = new StreamOutlet(derivedInfo(ring.share(), { name, channels: 1 }), engine)
  t.teardown(() => outlet.close())
  const [info] = await resolveByProp('name', name, { timeoutS: 20, ...engine })
  await using inlet = new StreamInlet(info!, engine)
  await inlet.open(20)
  t.ok(await outlet.waitForConsumers(20))

  const stop = new StopEvent()
  const sums = ({ data, frames }: DeriveInput): number[] =>
    Array.from({ length: frames }, (_, i) => Number(data[2 * i]) + Number(data[2 * i + 1]))
  const derivation = derive(ring.share(), sums, outlet)
  const running = derivation.run(stop)
  // With a gap, which the output must have too.
  const stamps = Float64Array.from({ length: 100 }, (_, i) => 4000 + i / 100 + (i < 60 ? 0 : 1))
  const got: number[] = []
  const values: number[] = []
  for (let first = 0; first < 100; first += 20) {
    const samples = Float32Array.from({ length: 40 }, (_, i) => first + (i >> 1))
    ring.addSamples(samples, stamps.subarray(first, first + 20))
    while (got.length < first + 20) {
      const { data, times } = await inlet.pullChunk({ timeoutS: 20 })
      got.push(...times)
      values.push(...Array.from(data as Float32Array))
    }
  }
  t.strictSame(got, [...stamps])
  t.strictSame(values, Array.from({ length: 100 }, (_, i) => 2 * i)) // prettier-ignore
  t.match(derivation.stats, { framesIn: 100, framesOut: 100, lost: 0 })

  stop.set()
  await running
  ring.addSamples([[1, 1]], [5000])
  await nextTurn()
  t.equal(derivation.stats.framesIn, 100, 'nothing is computed after the stop')
})

t.test('it makes its outlet from a description, and closes it with its end', async t => {
  const name = uniqueName('made')
  const ring = RingBuffer.allocate<Float32Array>({ frames: 500, channels: 2, nominalSrate: 100 })
  const derivation = derive(ring.share(), ({ data, frames }) => data.slice(0, frames) as Float32Array, {
    outlet: { name, channels: 1 },
  })
  const stop = new StopEvent()
  const running = derivation.run(stop)
  const [info] = await resolveByProp('name', name, { timeoutS: 20 })
  t.match(info, { name, channelCount: 1, nominalSrate: 100 })
  stop.set()
  await running
  t.strictSame(await resolveByProp('name', name, { timeoutS: 0.2, minimum: 1 }).catch(() => []), [])
  for (const [outlet, message] of [
    [{ nam: 'x' }, /name/],
    ['x', /outlet must be the options of an outlet, got "x"/],
  ] as const)
    t.throws(() => derive(ring.share(), () => undefined, { outlet: outlet as never }), { message })
  t.throws(() => derive(ring.share(), () => undefined, { outlet: { name }, rate: 1 } as never), {
    message: /unknown option 'rate'/,
  })
})

t.test('labels and units are passed on unless they are named', async t => {
  const stream = {
    name: 'eeg',
    type: 'EEG',
    sourceId: '',
    hostname: '',
    channelNames: ['C3', 'C4'],
    channelUnits: ['uV', 'uV'],
    channelTypes: ['EEG', 'EEG'],
  }
  const ring = { ...RingBuffer.allocate({ frames: 4, channels: 2, nominalSrate: 100 }).share(), stream }
  const same = derivedInfo(ring, { name: 'x' })
  t.match(same, { name: 'x', type: 'EEG', channelCount: 2, nominalSrate: 100, channelNames: ['C3', 'C4'] })
  t.strictSame(same.channelUnits, ['uV', 'uV'])
  const other = derivedInfo(ring, { name: 'x', type: 'Power', channels: [{ label: 'alpha' }], nominalSrate: 0 })
  t.match(other, { type: 'Power', channelCount: 1, channelNames: ['alpha'], nominalSrate: 0 })
})

t.test('output of another shape is one clear error', async t => {
  const { ring, derivation } = scripted(3, ({ data }) => data as Float32Array)
  ring.addSamples([[1, 2]], [10])
  t.throws(() => derivation.step(), { name: 'RangeError', message: /1 frames x 3 channels of 'derived', got 2 values/ })
  const strings = RingBuffer.allocate({ frames: 4, channels: 1, format: 'string' }).share()
  t.throws(() => derive(strings, () => undefined, { info: { name: 'x', channelCount: 1, channelFormat: 'float32' }, pushChunk: () => undefined }), { name: 'TypeError', message: /strings/ }) // prettier-ignore
})
