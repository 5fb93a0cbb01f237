import t from 'tap'
import { localClock } from '../../../src/clock.js'
import { pace } from '../../../src/commands/outlet/pace.js'

t.test('everything due is acted upon once, in order and never early', async t => {
  const dues = [0, 0, 0.001, 0.0034, 0.02, 0.02]
  const acted: number[] = []
  await pace({ nextDueS: () => dues[acted.length], act: nowS => acted.push(nowS) })
  t.equal(acted.length, dues.length)
  t.ok(acted.every((nowS, i) => nowS >= dues[i]!))
})

t.test('work that takes half of every period does not move the schedule', async t => {
  const periodS = 0.004
  let done = 0
  let lastS = 0
  await pace({
    nextDueS: () => (done < 100 ? done * periodS : undefined),
    act: nowS => {
      lastS = nowS
      done++
      const until = localClock() + periodS / 2
      while (localClock() < until);
    },
  })
  t.ok(lastS >= 99 * periodS)
  t.ok(
    lastS < 99 * periodS + 0.1,
    `the last of 100 ticks is ${lastS - 99 * periodS} s late; a drifting loop is at least 0.2 s`,
  )
})

t.test('an aborted wait ends at once, and nothing more is done', async t => {
  const controller = new AbortController()
  let acted = 0
  const pacing = pace({ nextDueS: () => (acted === 0 ? 0 : 3600), act: () => acted++, signal: controller.signal })
  setImmediate(() => controller.abort())
  await pacing
  t.equal(acted, 1)
})

t.test('the event loop keeps turning while the work is behind its schedule', async t => {
  let turned = false
  setImmediate(() => (turned = true))
  const startS = localClock() - 1000
  let acted = 0
  await pace({ startS, nextDueS: () => (turned ? undefined : acted / 1e6), act: () => acted++ })
  t.ok(turned)
})
