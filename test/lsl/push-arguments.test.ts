import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import type { Test } from 'tap'
import { ENGINE_PAIRS, ENGINES } from '../support/lsl/engines.js'
import { wheelLibrary } from '../support/lsl/libraries.js'
import type { EngineName } from '../../src/lsl/choose-engine.js'
import { resolveByProp } from '../../src/lsl/resolve.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import type { StreamInfoOptions } from '../../src/lsl/stream-info.js'
import { StreamInlet } from '../../src/lsl/stream-inlet.js'
import { DEDUCED_TIMESTAMP, StreamOutlet } from '../../src/lsl/stream-outlet.js'

interface Pair {
  readonly outlet: StreamOutlet
  readonly inlet: StreamInlet
}

async function pair(t: Test, from: EngineName, to: EngineName, options: Partial<StreamInfoOptions>): Promise<Pair> {
  const info = new StreamInfo({ name: uniqueName('pushed'), channelCount: 1, ...options })
  const outlet = new StreamOutlet(info, { engine: from })
  t.teardown(() => outlet.close())
  const [found] = await resolveByProp('uid', outlet.info.uid, { timeoutS: 10, engine: to })
  const inlet = new StreamInlet(found!, { engine: to })
  t.teardown(() => inlet.close())
  await inlet.open(10)
  if (!(await outlet.waitForConsumers(10))) throw new Error('the inlet was not seen')
  return { outlet, inlet }
}

async function pulled({ inlet }: Pair, count: number): Promise<{ rows: unknown[]; times: number[] }> {
  const rows: unknown[] = []
  const times: number[] = []
  while (times.length < count) {
    const chunk = await inlet.pullChunk({ timeoutS: 10 })
    if (chunk.frames === 0) break
    rows.push(...chunk.data)
    times.push(...chunk.times)
  }
  return { rows, times }
}

function detached(): Float32Array {
  const array = new Float32Array(4)
  structuredClone(array, { transfer: [array.buffer] })
  return array
}

for (const engine of ENGINES) {
  t.test(`what is no sample and no stamp is refused before ${engine} sees it, and nothing is sent`, async t => {
    const numbers = await pair(t, engine, 'builtin', { nominalSrate: 10, channelCount: 2 })
    const wide = await pair(t, engine, 'builtin', { channelFormat: 'int64' })
    const strings = await pair(t, engine, 'builtin', { channelFormat: 'string', channelCount: 2 })
    const refused = (what: string, push: () => unknown, type: 'TypeError' | 'RangeError', message: RegExp): void =>
      void t.throws(push, { name: type, message }, what)
    const any = (value: unknown): never => value as never

    const { outlet } = numbers
    refused('a bigint stamp', () => outlet.pushSample([1, 2], any(14n)), 'TypeError', /^timestamp must be .*14n/)
    refused('NaN', () => outlet.pushSample([1, 2], NaN), 'RangeError', /^timestamp must be .*NaN/)
    refused('Infinity', () => outlet.pushSample([1, 2], Infinity), 'RangeError', /^timestamp/)
    refused('a text', () => outlet.pushSample([1, 2], any('1')), 'TypeError', /"1"/)
    refused('null', () => outlet.pushSample([1, 2], any(null)), 'TypeError', /null/)
    refused('no row', () => outlet.pushSample(any(undefined)), 'TypeError', /must be a row/)
    refused('a number', () => outlet.pushSample(any(5)), 'TypeError', /must be a row/)
    refused('a hole', () => outlet.pushSample([1, ,] as never), 'TypeError', /must be of type .*undefined/)
    refused('texts', () => outlet.pushSample(['1', '2']), 'TypeError', /must be of type number/)
    refused('bigints', () => outlet.pushSample(BigInt64Array.of(1n, 2n)), 'TypeError', /must be of type number, got 1n/)
    refused('detached', () => outlet.pushChunk(detached()), 'TypeError', /detached/)
    refused('a detached row', () => outlet.pushSample(detached()), 'RangeError', /2 values, got 0/)
    refused(
      'a view',
      () => outlet.pushChunk(any(new DataView(new ArrayBuffer(8)))),
      'TypeError',
      /rows or a Float32Array, got a DataView/,
    )
    refused('null rows', () => outlet.pushChunk([null] as never), 'TypeError', /must be a row/)
    refused('a hole among rows', () => outlet.pushChunk([[1, 2], ,] as never), 'TypeError', /must be a row/)
    const chunk = Float32Array.of(1, 2, 3, 4)
    const stamps = any(Float32Array.of(1, 2))
    refused('narrow stamps', () => outlet.pushChunk(chunk, stamps), 'TypeError', /a number or a Float64Array/)
    refused('a list of stamps', () => outlet.pushChunk(chunk, any([1, 2])), 'TypeError', /Float64Array/)
    refused('few stamps', () => outlet.pushChunk(chunk, Float64Array.of(1)), 'RangeError', /each of 2 samples, got 1/)
    refused('NaN stamps', () => outlet.pushChunk(chunk, Float64Array.of(1, NaN)), 'RangeError', /timestamps\[1\].*NaN/)
    refused('NaN', () => outlet.pushChunk(chunk, NaN), 'RangeError', /^timestamps must be/)
    refused('a bigint stamp', () => outlet.pushChunk(chunk, any(1n)), 'TypeError', /^timestamps must be/)
    refused('numbers', () => wide.outlet.pushSample([1]), 'TypeError', /must be of type bigint/)
    refused('numbers', () => strings.outlet.pushSample(any(['a', 1])), 'TypeError', /must be of type string, got 1/)
    refused('a hole', () => strings.outlet.pushSample(['a', ,] as never), 'TypeError', /must be of type .*undefined/)
    refused(
      'a later hole',
      () => strings.outlet.pushChunk([['a', 'b'], ['c', ,] as never]),
      'TypeError',
      /must be of type string/,
    )
    refused('a text', () => strings.outlet.pushSample(any('ab')), 'TypeError', /must be a row/)
    refused(
      'no info',
      () => new StreamOutlet(any({ name: 'x', channelCount: 1 }), { engine }),
      'TypeError',
      /StreamInfo/,
    )

    outlet.pushSample([5, 6], 7)
    wide.outlet.pushSample([8n], 9)
    strings.outlet.pushSample(['c', 'd'], 10)
    t.same(await pulled(numbers, 1), { rows: [5, 6], times: [7] })
    t.same(await pulled(wide, 1), { rows: [8n], times: [9] })
    t.same(await pulled(strings, 1), { rows: [['c', 'd']], times: [10] })
  })

  t.test(`a chunk with the stamp 0 is stamped now, with -1 deduced, whatever its format (${engine})`, async t => {
    for (const [channelFormat, data] of [
      ['string', [['a'], ['b'], ['c']]],
      ['int32', Int32Array.of(1, 2, 3)],
      ['float32', [[1], [2], [3]]],
    ] as const) {
      const both = await pair(t, engine, 'builtin', { nominalSrate: 10, channelFormat })
      const before = both.outlet.info.createdAt
      both.outlet.pushChunk(data, 0)
      both.outlet.pushChunk(data, DEDUCED_TIMESTAMP)
      const { times } = await pulled(both, 6)
      t.ok(times[2]! > before, `${channelFormat}: ${times[2]} is after ${before}`)
      times.forEach((time, i) => t.ok(Math.abs(time - times[0]! - i / 10) < 1e-6, `${channelFormat} ${i}: ${time}`))
    }
  })
}

for (const { outlet: from, inlet: to } of ENGINE_PAIRS)
  t.test(
    `halves of a character in neighbouring channels are each a character of their own (${from} to ${to})`,
    async t => {
      const both = await pair(t, from, to, { channelFormat: 'string', channelCount: 3 })
      both.outlet.pushSample(['a\uD83D', '\uDE00b', 'c\0d'], 5)
      both.outlet.pushSample(['x', 'y', 'z'], 6)
      t.same((await pulled(both, 2)).rows, [
        ['a\uFFFD', '\uFFFDb', 'c\0d'],
        ['x', 'y', 'z'],
      ])
    },
  )

const library = wheelLibrary()
t.test('no size makes liblsl wait for ever', { skip: library === undefined && 'no current liblsl' }, async t => {
  const liblsl = { engine: 'liblsl', library: library! } as const
  for (const nominalSrate of [0.01, 1000, 0]) {
    for (const maxBufferedS of [1e-3, 1e9]) {
      const info = new StreamInfo({ name: uniqueName('slow'), channelCount: 1, nominalSrate })
      await using outlet = new StreamOutlet(info, { ...liblsl, maxBufferedS })
      const [found] = await resolveByProp('uid', outlet.info.uid, { timeoutS: 10, ...liblsl })
      for (const queueFrames of [1, 2 ** 40]) {
        await using inlet = new StreamInlet(found!, { ...liblsl, queueFrames })
        await inlet.open(10)
        t.ok(await outlet.waitForConsumers(10))
        for (let sample = 0; sample < 20; sample++) outlet.pushSample([sample], 100 + sample)
        let last = NaN
        while (last !== 119) last = (await inlet.pullSample(10))?.timestamp ?? 119
        t.equal(last, 119, `${nominalSrate} Hz, ${maxBufferedS} s, ${queueFrames} frames`)
      }
    }
  }
})

t.test(
  'an inlet with a queue of one does not stop a liblsl sender',
  { skip: library === undefined && 'no current liblsl' },
  async t => {
    const outlet = new StreamOutlet(new StreamInfo({ name: uniqueName('one'), channelCount: 1 }), {
      engine: 'liblsl',
      library: library!,
    })
    t.teardown(() => outlet.close())
    const [found] = await resolveByProp('uid', outlet.info.uid, { timeoutS: 10, engine: 'builtin' })
    await using inlet = new StreamInlet(found!, { engine: 'builtin', queueFrames: 1 })
    await inlet.open(10)
    t.ok(await outlet.waitForConsumers(10))
    for (let sample = 0; sample < 100; sample++) outlet.pushSample([sample], 1 + sample)
    let last = NaN
    while (last !== 100) last = (await inlet.pullSample(10))?.timestamp ?? 0
    t.equal(last, 100)
  },
)
