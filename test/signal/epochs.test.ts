import t from 'tap'
import { RingBuffer } from '../../src/ring/ring-buffer.js'
import { epochs } from '../../src/signal/streams/epochs.js'
import type { Epochs, EpochsOptions } from '../../src/signal/streams/epochs.js'
import type { Epoch } from '../../src/signal/streams/epoch.js'

const RATE = 100
const options: EpochsOptions = { tmin: -0.05, tmax: 0.1 }

/** A signal whose frame i is [i, -i] at i / 100 s, and markers. */
function streams(frames = 1000, nominalSrate = RATE) {
  const signal = RingBuffer.allocate<Float64Array>({ frames, channels: 2, format: 'double64', nominalSrate })
  const markers = RingBuffer.allocate<string[][]>({ frames: 100, channels: 1, format: 'string' })
  let next = 0
  return {
    signal,
    markers,
    /** The next frames, from the given one on: those in between are missing. */
    send: (count: number, from = next): void => {
      const indices = Array.from({ length: count }, (_, k) => from + k)
      next = from + count
      signal.addSamples(
        indices.map(i => [i, -i]),
        indices.map(i => i / RATE),
      )
    },
    mark: (value: string, time: number): void => {
      markers.addSamples([[value]], [time])
    },
    end: (): void => {
      signal.close()
      markers.close()
    },
  }
}

async function all(source: Epochs): Promise<Epoch[]> {
  const list: Epoch[] = []
  for await (const epoch of source) list.push(epoch)
  return list
}

const firsts = ({ data, channels }: Epoch): number[] => Array.from(data as Float64Array).filter((_, i) => i % channels === 0) // prettier-ignore
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, k) => from + k)

t.test('an epoch begins so many samples before the first one at or after its marker', async t => {
  const { signal, markers, send, mark, end } = streams()
  send(100)
  mark('on a sample', 0.2)
  mark('between two', 0.3049)
  end()
  const list = epochs(signal, markers, options)
  const [exact, between] = await all(list)
  t.strictSame(firsts(exact!), range(15, 30))
  t.match(exact, { marker: 'on a sample', row: ['on a sample'], markerTime: 0.2, frames: 15, channels: 2 })
  t.match(exact, { start: 15, complete: true, lost: 0 })
  t.strictSame([...exact!.times], range(15, 30).map(i => i / RATE)) // prettier-ignore
  t.strictSame(firsts(between!), range(26, 41))
  t.match(list.stats, { matched: 2, emitted: 2, incomplete: 0, rejected: 0, tooOld: 0, waiting: 0, lostMarkers: 0 })
})

t.test('a stamp that is no number, of a sample or a marker, spoils no other epoch', async t => {
  for (const wrong of [NaN, Infinity, -Infinity]) {
    for (const at of [0, 250, 253, 499]) {
      const { signal, markers, mark, end } = streams(1000, RATE)
      const times = range(0, 500).map(i => i / RATE)
      times[at] = wrong
      signal.addSamples(range(0, 500).map(i => [i, -i]), times) // prettier-ignore
      mark('no time', wrong)
      for (const time of [1, 2.5, 2.6, 4, 4.8]) mark(String(time), time)
      end()
      const [none, ...found] = await all(epochs(signal, markers, options))
      t.match(none, { marker: 'no time', frames: 0, complete: false, lost: 15 })
      for (const epoch of found) {
        const first = Math.round(Number(epoch.marker) * RATE) - 5
        const what = `${wrong} at ${at}, epoch at ${epoch.marker}`
        // The very sample that a marker stands on may be the one without a time.
        const shift = at === first + 5 ? 1 : 0
        t.strictSame(firsts(epoch), range(first + shift, first + shift + 15), what)
        t.equal(epoch.complete, true, what)
      }
    }
  }
})

t.test('marker first or sample first: the epoch comes with its last sample', async t => {
  const { signal, markers, send, mark, end } = streams()
  const list = epochs(signal, markers, { ...options, maxLatenessS: Infinity })
  const iterator = list[Symbol.asyncIterator]()
  mark('before all samples', 0.2)
  const first = iterator.next()
  send(29)
  let isThere = false
  void first.then(() => (isThere = true))
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  t.notOk(isThere, 'one sample is missing')
  t.equal(list.stats.waiting, 1)
  send(1)
  t.strictSame(firsts((await first).value as Epoch), range(15, 30))
  send(300)
  mark('long after its samples', 0.2)
  t.strictSame(firsts((await iterator.next()).value as Epoch), range(15, 30))
  const pending = iterator.next()
  end()
  t.equal((await pending).done, true)
})

t.test('samples that come while epochs are handed out let no marker pass one that came before it', async t => {
  const { signal, markers, send, mark, end } = streams()
  send(100)
  mark('its samples come later', 2)
  mark('its samples are there', 0.2)
  mark('its samples come later, too', 2.5)
  const order: unknown[] = []
  for await (const { marker } of epochs(signal, markers, options)) {
    order.push(marker)
    if (order.length > 1) continue
    send(300)
    end()
  }
  t.same(order, ['its samples are there', 'its samples come later', 'its samples come later, too'])
})

t.test('epochs may overlap, and two markers of one sample give two', async t => {
  const { signal, markers, send, mark, end } = streams()
  send(100)
  for (const [value, time] of [['a', 0.3], ['b', 0.3], ['c', 0.34]] as const) mark(value, time) // prettier-ignore
  end()
  const list = await all(epochs(signal, markers, options))
  t.strictSame(list.map(({ marker, start }) => [marker, start]), [['a', 25], ['b', 25], ['c', 29]]) // prettier-ignore
})

t.test('only markers that match give epochs', async t => {
  const run = async (match: NonNullable<EpochsOptions['match']>): Promise<unknown[]> => {
    const { signal, markers, send, mark, end } = streams()
    send(100)
    for (const value of ['left', 'right', 'rest']) mark(value, 0.3)
    end()
    return (await all(epochs(signal, markers, { ...options, match }))).map(({ marker }) => marker)
  }
  t.strictSame(await run('left'), ['left'])
  t.strictSame(await run(/^r/g), ['right', 'rest'])
  t.strictSame(await run(([value]) => value !== 'right'), ['left', 'rest'])
})

t.test('a gap makes epochs incomplete, and never shifts samples in time', async t => {
  const { signal, markers, send, mark, end } = streams()
  send(40)
  send(60, 45)
  mark('gap before', 0.47)
  mark('gap after', 0.35)
  mark('in the gap', 0.42)
  mark('clear of it', 0.6)
  end()
  const list = epochs(signal, markers, options)
  const [before, after, within, clear] = await all(list)
  t.strictSame(firsts(before!), range(45, 57))
  t.match(before, { complete: false, lost: 3 })
  t.strictSame(firsts(after!), [...range(30, 40)])
  t.match(after, { complete: false, lost: 5 })
  t.strictSame(firsts(within!), [37, 38, 39, ...range(45, 52)])
  t.match(within, { complete: false, lost: 5 })
  t.match(clear, { complete: true, lost: 0 })
  t.match(list.stats, { emitted: 4, incomplete: 3 })
})

t.test('a marker in a gap after which the epoch begins does not take later samples for its own', async t => {
  const { signal, markers, send, mark, end } = streams()
  send(40)
  send(100, 200)
  mark('in the gap', 0.5)
  end()
  const [epoch] = await all(epochs(signal, markers, { tmin: 0, tmax: 0.1 }))
  t.match(epoch, { frames: 0, complete: false, lost: 10 })
})

t.test('a signal that is shorter than the epoch, at either end, gives what there is', async t => {
  const { signal, markers, send, mark, end } = streams()
  send(20)
  mark('too early', 0.02)
  mark('too late', 0.18)
  end()
  const [early, late] = await all(epochs(signal, markers, options))
  t.strictSame(firsts(early!), range(0, 12))
  t.match(early, { complete: false, lost: 3 })
  t.strictSame(firsts(late!), range(13, 20))
  t.match(late, { complete: false, lost: 8 })
})

t.test('a lost connection ends the wait after maxLatenessS', async t => {
  const { signal, markers, send, mark } = streams()
  send(25)
  mark('cut off', 0.2)
  const iterator = epochs(signal, markers, { ...options, maxLatenessS: 0 })[Symbol.asyncIterator]()
  const { value } = (await iterator.next()) as { value: Epoch }
  t.strictSame(firsts(value), range(15, 25))
  t.match(value, { complete: false, lost: 5 })
})

t.test('what was overwritten is counted: in part as incomplete, altogether as too old', async t => {
  const { signal, markers, send, mark, end } = streams(20)
  send(100)
  mark('gone', 0.2)
  mark('half', 0.82)
  mark('there', 0.9)
  end()
  const list = epochs(signal, markers, options)
  const got = await all(list)
  t.strictSame(got.map(({ marker, complete, lost }) => [marker, complete, lost]), [['half', false, 3], ['there', true, 0]]) // prettier-ignore
  t.match(list.stats, { matched: 3, emitted: 2, incomplete: 1, tooOld: 1 })
})

t.test('a baseline is taken off, and what is beyond the limits is told with its channel', async t => {
  const { signal, markers, send, mark, end } = streams()
  send(100)
  mark('a', 0.2)
  end()
  const [epoch] = await all(epochs(signal, markers, { ...options, baseline: [-0.05, 0], reject: { peakToPeak: 10 } }))
  t.strictSame(firsts(epoch!), range(15, 30).map(i => i - 17.5)) // prettier-ignore
  t.match(epoch!.rejectedBy, { channel: 0, reason: 'peakToPeak', value: 14 })
  const flat = epochs(signal, markers, { ...options, reject: { flat: 20 } })
  t.match((await all(flat))[0]!.rejectedBy, { reason: 'flat', value: 14 })
  t.match(flat.stats, { emitted: 1, rejected: 1 })
  t.notOk((await all(epochs(signal, markers, { ...options, reject: { peakToPeak: 14, flat: 14 } })))[0]!.rejectedBy)
})

t.test('numeric markers, and a signal without a rate', async t => {
  const { signal, send, end } = streams(1000, 0)
  const codes = RingBuffer.allocate({ frames: 10, channels: 2, format: 'int32' })
  send(100)
  codes.addSamples([[7, 1]], [0.5])
  codes.close()
  end()
  const [epoch] = await all(epochs(signal, codes, { ...options, match: 7 }))
  t.match(epoch, { marker: 7, row: [7, 1], frames: 15, complete: true })
  t.ok(Number.isNaN(epoch!.lost))
  t.strictSame(firsts(epoch!), range(45, 60))
})

t.test('an abort ends the iteration', async t => {
  const { signal, markers } = streams()
  const controller = new AbortController()
  const next = epochs(signal, markers, { ...options, signal: controller.signal })
    [Symbol.asyncIterator]()
    .next()
  controller.abort()
  t.equal((await next).done, true)
})

t.test('what cannot be is refused', async t => {
  const { signal, markers } = streams(10)
  const bad = (changed: object, message: RegExp): void => {
    t.throws(() => epochs(signal, markers, { ...options, ...changed }), { message })
  }
  bad({}, /epochs of 15 samples, but the watcher of a stream without a name keeps only 10/)
  bad({ tmax: -1 }, /tmax must be above tmin/)
  bad({ tmin: undefined }, /tmin must be seconds, got undefined/)
  bad({ baseline: [0, -1] }, /baseline must be \[fromS, toS\]/)
  bad({ reject: { ptp: 3 } }, /unknown option 'reject.ptp'/)
  t.throws(() => epochs(markers, signal, options), { name: 'TypeError', message: /of strings/ })
})
