import t from 'tap'
import { localClock } from '../../../src/clock.js'
import type { SampleArray } from '../../../src/channel-format.js'
import { replay } from '../../../src/commands/outlet/replay.js'
import type { ReplayTarget } from '../../../src/commands/outlet/replay.js'
import { xmlElement } from '../../../src/lsl/xml.js'
import { readXdf } from '../../../src/xdf/read-xdf.js'
import type { XdfStream } from '../../../src/xdf/read-xdf.js'
import { AS_RECORDED } from '../../../src/xdf/stamps/stamp-correction.js'
import { recording } from '../../support/xdf/recordings.js'

class Collector implements ReplayTarget {
  readonly values: (number | bigint | string[])[] = []
  readonly times: number[] = []
  onPush = (): void => undefined

  pushChunk(data: SampleArray | string[][], timestamps: Float64Array): void {
    for (const value of data) this.values.push(value)
    this.times.push(...timestamps)
    this.onPush()
  }
}

const base = { id: 1, headerXml: '', name: 'S', type: '', sourceId: '', clockOffsets: [], desc: xmlElement('desc') }
const numbers = (...times: number[]): XdfStream => ({
  ...base,
  channelCount: 2,
  nominalSrate: 100,
  channelFormat: 'int16',
  samples: Int16Array.from({ length: 2 * times.length }, (_, i) => i),
  times: Float64Array.from(times),
})
const markers = (...times: number[]): XdfStream => ({
  ...base,
  channelCount: 1,
  nominalSrate: 0,
  channelFormat: 'string',
  samples: times.map(time => [String(time)]),
  times: Float64Array.from(times),
})

t.test(
  'every sample of a recording arrives once, in order, with its stamp',
  { skip: recording('clock_resets.xdf').skip },
  async t => {
    const streams = await readXdf(recording('clock_resets.xdf').file, AS_RECORDED)
    const targets = streams.map(() => new Collector())
    const sent = await replay(streams, targets, { speed: 1e5, stamps: 'original' })
    for (const [s, { samples, times }] of streams.entries()) {
      t.equal(sent[s], times.length)
      t.same(targets[s]!.times, [...times])
      t.same(targets[s]!.values, [...samples])
    }
  },
)

t.test('stamps of now are those of this replay, spaced as it is paced', async t => {
  const before = localClock()
  const target = new Collector()
  await replay([numbers(50, 50.5, 51)], [target], { speed: 50 })
  t.ok(target.times[0]! >= before && target.times[2]! <= localClock())
  t.equal(Math.round((target.times[1]! - target.times[0]!) * 1e6), 10_000)
  t.equal(Math.round((target.times[2]! - target.times[1]!) * 1e6), 10_000)
})

t.test('streams are interleaved as they were recorded', async t => {
  const inOrder = async (): Promise<boolean> => {
    const order: string[] = []
    const [a, b] = [new Collector(), new Collector()]
    a.onPush = () => order.push('numbers')
    b.onPush = () => order.push('marker')
    await replay([numbers(1, 3), markers(2)], [a, b], { speed: 20 })
    return order.join(' ') === 'numbers marker numbers'
  }
  // On a machine that was busy when the marker was due, the numbers after it are due as well.
  for (let attempt = 0; attempt < 50; attempt++) if (await inOrder()) return t.pass()
  t.fail('never in order')
})

t.test(
  'a loop goes on with rising stamps until it is stopped, and an empty recording does not loop for ever',
  async t => {
    const controller = new AbortController()
    const target = new Collector()
    target.onPush = () => target.times.length >= 7 && controller.abort()
    const [sent] = await replay([numbers(1, 1.01)], [target], { speed: 10, loop: true, signal: controller.signal })
    t.equal(sent, target.times.length)
    t.ok(sent! >= 7)
    t.ok(target.times.every((time, i) => i === 0 || time > target.times[i - 1]!))
    t.same(await replay([numbers()], [target], { loop: true }), [0])
  },
)

t.test('a stamp that is no time ends no replay, and is left to the inlet to deduce', async t => {
  for (const stamps of ['original', 'now'] as const) {
    const target = new Collector()
    t.same(await replay([numbers(50, NaN, 50.02, Infinity)], [target], { speed: 50, stamps }), [4])
    t.ok(target.times.every(Number.isFinite))
    if (stamps === 'original') t.same(target.times, [50, -1, 50.02, -1])
  }
})
