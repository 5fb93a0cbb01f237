import t from 'tap'
import { ChannelWatch } from '../../../src/view/plot/channel-watch.js'

const SRATE = 200

function findings(value: (i: number) => number, seconds = 4, label = 'Cz') {
  const watch = new ChannelWatch(1, SRATE, [label])
  const data = Float64Array.from({ length: seconds * SRATE }, (_, i) => value(i))
  for (let from = 0; from < data.length; from += 37) {
    const part = data.subarray(from, from + 37)
    watch.append(part, part.length, from / SRATE)
  }
  return watch.findings.get(0)?.badge
}

const sine = (i: number): number => 20 * Math.sin(i / 7)

t.test('a signal that moves has no badge', async t => t.equal(findings(sine), undefined))
t.test('a channel that stands still is flat', async t => {
  t.equal(
    findings(() => 3),
    'FLAT',
  )
  t.equal(
    findings(i => (i < 400 ? sine(i) : 7)),
    'FLAT',
  )
  t.equal(
    findings(i => (i < 400 ? sine(i) : 0)),
    'FLAT',
  )
})
t.test('a channel that stands at the largest value it had is railed, also when it only clips', async t => {
  t.equal(
    findings(i => (i < 400 ? sine(i) : 180)),
    'RAILED',
  )
  t.equal(
    findings(i => Math.min(12, 60 * Math.sin(i / 60))),
    'RAILED',
  )
})
t.test('a channel that is not a number says so, and no longer when it is one', async t => {
  t.equal(
    findings(i => (i > 700 ? NaN : sine(i))),
    'NaN',
  )
  t.equal(
    findings(i => (i < 300 ? NaN : sine(i))),
    undefined,
  )
})
t.test('a trigger channel may stand still', async t =>
  t.equal(
    findings(() => 3, 4, 'TRIGGER'),
    undefined,
  ),
)
