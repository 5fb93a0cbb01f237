import t from 'tap'
import { duration, eventText, latencyText, missingText, short } from '../../../src/commands/watch/words.js'

t.test('durations are in the unit that reads best', async t => {
  t.same([0, 0.00123, -0.5, 1.25, 119, 3600, Infinity, NaN].map(duration), ['0.0 ms', '1.2 ms', '-500.0 ms', '1.3 s', '119.0 s', '60 min', '-', '-']) // prettier-ignore
})

t.test('values take few characters, whatever they are', async t => {
  t.same([1, -2.34567, 1234567.8, 1e-9, 0, NaN, -Infinity, 'text'].map(short), ['1', '-2.346', '1.23e+6', '1.00e-9', '0', 'NaN', '-Infinity', 'text']) // prettier-ignore
})

t.test('events are one line, with their durations', async t => {
  t.equal(
    eventText('recovered', { after: 'lost', gapS: 2.5, gapFrames: 625 }),
    'recovered: after lost, gap 2.5 s, missing 625',
  )
})

t.test('a latency says how sure it is, and is never below zero', async t => {
  const texts = [
    { p50S: 0.0012, maxS: 0.003, uncertaintyS: 0.00001 },
    { p50S: 0.0212, maxS: 0.03, uncertaintyS: 0.0005 },
    { p50S: -0.0029, maxS: 0.003, uncertaintyS: 0.019 },
    { p50S: -2, maxS: -1.9, uncertaintyS: 0.001 },
    { p50S: -1795672460, maxS: -1795672460, uncertaintyS: 0 },
    undefined,
  ].map(latencyText)
  t.same(texts, [
    'latency 1.2 ms (max 3.0 ms)',
    'latency 21.2 ms ± 0.5 ms (max 30.0 ms)',
    'latency below 16.1 ms',
    'latency unknown (stamps 2.0 s ahead)',
    'latency unknown (stamps of another clock)',
    'latency -',
  ])
})

t.test('what is missing has its causes beside it, each sample once', async t => {
  const stats = (lost: number, gapFrames: number, lapped: number) => ({ lost, gapFrames, lapped }) as never
  t.equal(missingText({ stats: stats(0, 0, 0), silentSamples: 0 }), 'missing 0')
  t.equal(
    missingText({ stats: stats(3, 5, 1), silentSamples: 0 }),
    'missing 6 (3 network, 2 by the stamps, 1 overwritten)',
  )
})
