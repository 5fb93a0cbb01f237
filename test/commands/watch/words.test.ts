import t from 'tap'
import { duration, eventText, short } from '../../../src/commands/watch/words.js'

t.test('durations are in the unit that reads best', async t => {
  t.same([0, 0.00123, -0.5, 1.25, 119, 3600, Infinity, NaN].map(duration), ['0.0 ms', '1.2 ms', '-500.0 ms', '1.3 s', '119.0 s', '60 min', '-', '-']) // prettier-ignore
})

t.test('values take few characters, whatever they are', async t => {
  t.same([1, -2.34567, 1234567.8, 1e-9, 0, NaN, -Infinity, 'text'].map(short), ['1', '-2.346', '1.23e+6', '1.00e-9', '0', 'NaN', '-Infinity', 'text']) // prettier-ignore
})

t.test('events are one line, with their durations', async t => {
  t.equal(
    eventText('recovered', { after: 'lost', gapS: 2.5, gapFrames: 625 }),
    'recovered: after lost, gap 2.5 s, gapFrames 625',
  )
})
