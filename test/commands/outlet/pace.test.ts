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

t.test(
  'the schedule is absolute: what a pause has made late is caught up at once, and what follows is not moved',
  async t => {
    const periodS = 0.1
    const ticks = 101
    const beforeS = localClock()
    // As after a pause of ten seconds: 100 ticks are overdue, the last one is still to come.
    const startS = beforeS - 99.5 * periodS
    const acted: number[] = []
    await pace({
      startS,
      nextDueS: () => (acted.length < ticks ? acted.length * periodS : undefined),
      act: nowS => acted.push(nowS),
    })
    t.equal(acted.length, ticks)
    t.ok(acted[100]! >= 100 * periodS, 'the last one is not early')
    const tookS = localClock() - beforeS
    t.ok(tookS < 5, `took ${tookS} s; a loop that waits a period after each tick takes ten`)
  },
)

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
