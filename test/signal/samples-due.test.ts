import t from 'tap'
import fc from 'fast-check'
import { samplesDue } from '../../src/signal/samples-due.js'

t.test('whenever it is asked, all samples that are due by then have been owed exactly once', async t => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 1e5, noNaN: true }),
      fc.array(fc.double({ min: 0, max: 0.5, noNaN: true }), { minLength: 1, maxLength: 100 }),
      (rateHz, pauses) => {
        const due = samplesDue({ rateHz, startS: 1e6 })
        let nowS = 1e6
        let sent = 0
        for (const pause of pauses) {
          nowS += pause
          sent += due.take(Infinity, nowS)
          t.equal(sent, due.taken)
          t.ok(due.stampS <= nowS + 2e-6 / rateHz + 1e-9 && due.dueAtS() > nowS - 1e-9)
        }
        t.equal(due.skipped, 0)
      },
    ),
  )
})

t.test('a sender that sleeps until the next sample is due always owes one', async t => {
  for (const rateHz of [3, 30, 48_000, 44_100, 1 / 3]) {
    const due = samplesDue({ rateHz, startS: 12_345.678 })
    for (let i = 0; i < 10_000; i++)
      if (due.take(Infinity, due.dueAtS()) !== 1) t.fail(`at sample ${i} of ${rateHz} Hz`)
    t.equal(due.taken, 10_000)
  }
})

t.test('stamps are regular however late the samples are sent', async t => {
  const due = samplesDue({ rateHz: 100, startS: 0 })
  t.equal(due.stampS, 0)
  t.equal(due.take(Infinity, 0.057), 5)
  t.equal(due.stampS, 0.05)
  t.equal(due.dueAtS(3), 0.08)
  t.equal(due.take(2, 0.0999), 2, 'no more than asked for')
  t.equal(due.take(Infinity, 0.0999), 2)
})

t.test('after a long pause a bounded burst is owed, and what is beyond is counted', async t => {
  const due = samplesDue({ rateHz: 100, startS: 0, maxBurst: 20 })
  t.equal(due.take(Infinity, 0.1), 10)
  t.equal(due.take(Infinity, 10), 20)
  t.match(due, { skipped: 970, taken: 30, stampS: 10 })
  t.equal(due.take(Infinity, 10.01), 1, 'the schedule is what it was')
  t.equal(due.take(Infinity, 5), 0, 'a clock that steps back owes nothing')
})

t.test('what cannot be is refused', async t => {
  t.throws(() => samplesDue({ rateHz: 0 }), { name: 'RangeError', message: /rateHz must be Hz above 0, got 0/ })
  t.throws(() => samplesDue({ rateHz: 1, startS: NaN }), { name: 'RangeError', message: /startS/ })
  t.throws(() => samplesDue({ rateHz: 1, maxBurst: 0 }), { name: 'RangeError', message: /maxBurst/ })
  const due = samplesDue({ rateHz: 10, startS: 0 })
  for (const [most, nowS] of [
    [NaN, 1],
    [-5, 1],
    [1.5, 1],
    [1, NaN],
    [1, -Infinity],
  ])
    // prettier-ignore
    t.throws(() => due.take(most, nowS), { name: 'RangeError' }, `${most} ${nowS}`)
  t.equal(due.take(Infinity, 1), 10, 'and spoils nothing')
})
