import { on, once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { localClock } from '../../src/clock.js'
import { EventLoop } from '../../src/signal/event-loop.js'
import { sleepUntil } from '../../src/signal/sleep.js'
import { StopEvent } from '../../src/stop-event.js'
import type { LoopOrder, LoopReport } from '../fixtures/event-loop.worker.js'

/** Runs a loop in a worker; `onTurn` is called once it turns. */
async function inWorker(order: Omit<LoopOrder, 'stop'>, onTurn?: (stop: StopEvent) => void): Promise<LoopReport> {
  const stop = new StopEvent()
  const workerData: LoopOrder = { ...order, stop: stop.buffer }
  const worker = new Worker(new URL('../fixtures/event-loop.worker.js', import.meta.url), { workerData })
  // Listened to from the start: on a busy machine both messages and the end come at once.
  const messages = on(worker, 'message') as AsyncIterableIterator<[LoopReport]>
  const exited = once(worker, 'exit')
  await messages.next()
  onTurn?.(stop)
  const report = await messages.next()
  await exited
  return (report.value as [LoopReport])[0]
}

t.test('in a worker the turns keep to an absolute schedule, and never begin early', async t => {
  const { stats, startsS } = await inWorker({ dtS: 0.005, turns: 100 })
  t.equal(stats.turns, 100)
  const [firstS] = startsS
  startsS.forEach((startS, i) => t.ok(startS - firstS! > (i - 1) * 0.005))
  const elapsed = (startsS.at(-1)! - firstS!) / 0.005
  const most = 0.1 + stats.latenessS.max / 0.005
  t.ok(Math.abs(elapsed - (99 + stats.missed)) <= most, 'turns and missed turns make up the time that has passed')
  t.ok(stats.latenessS.p50 >= 0 && stats.latenessS.p99 >= stats.latenessS.p50)
  t.ok(stats.latenessS.max >= stats.latenessS.p99)
})

t.test('turns that last beyond the next ones make them missed, and counted', async t => {
  const { stats, startsS } = await inWorker({ dtS: 0.002, busyS: 0.007, turns: 5 })
  t.equal(startsS.length, 5)
  t.ok(stats.missed >= 4 * 2, `${stats.missed} missed`)
})

t.test('a stop ends a worker in the middle of its sleep', async t => {
  let stoppedS = 0
  const { stats, endedS, error } = await inWorker({ dtS: 3600 }, stop => {
    stoppedS = localClock()
    stop.set()
  })
  t.equal(stats.turns, 1)
  t.equal(error, undefined)
  t.ok(endedS - stoppedS < 60, 'and not after an hour')
})

t.test('what a callback throws, at once or by its promise, ends the loop', async t => {
  for (const throws of ['at once', 'later'] as const) {
    const { stats, error } = await inWorker({ dtS: 0.001, throws })
    t.equal(error, throws)
    t.equal(stats.turns, 3)
  }
})

t.test('sleepS and sleepUntil are never early', async t => {
  const { sleptS } = await inWorker({ dtS: 0.001, turns: 1 })
  t.ok(sleptS[0] >= 0.003 - 1e-6)
  t.ok(sleptS[1] >= 0.002 - 1e-6)
  // At once they would make a loop around them never sleep.
  for (const never of [undefined, null, 'x', {}]) t.throws(() => sleepUntil(never as never), { name: 'TypeError' })
  t.throws(() => sleepUntil(NaN), { name: 'RangeError' })
})

t.test('on the main thread other events have their turn, and callbacks get the context, in order', async t => {
  const called: string[] = []
  const loop = new EventLoop({ dtS: 0.001, ctx: { label: 'c' } })
  let turned = false
  setImmediate(() => (turned = true))
  loop.addCallback(({ label }) => called.push(`always ${label}`))
  loop.addCallbackOnce(() => called.push('once'))
  const addedS = localClock()
  let delayedS = 0
  loop.addDelayedCallbackOnce(() => {
    called.push('delayed')
    delayedS = localClock()
  }, 0.004)
  loop.addCallback(() => turned && called.includes('delayed') && loop.stopEvent.set())
  await loop.run()
  t.equal(called[0], 'once')
  t.ok(called.includes('always c'))
  t.equal(called.filter(name => name === 'once').length, 1)
  t.equal(called.filter(name => name === 'delayed').length, 1)
  t.ok(delayedS - addedS >= 0.004)
  t.equal(loop.stats.turns, called.filter(name => name.startsWith('always')).length)
})

t.test('on the main thread a stop ends the wait, and a failing callback rejects', async t => {
  const loop = new EventLoop({ dtS: 3600 })
  loop.addCallbackOnce(() => void setImmediate(() => loop.stopEvent.set()))
  await loop.run()
  t.equal(loop.stats.turns, 1)

  const failing = new EventLoop({ dtS: 0.001 })
  failing.addCallback(() => {
    throw new Error('no')
  })
  await t.rejects(failing.run(), { message: 'no' })
  const stopped = new StopEvent()
  stopped.set()
  const never = new EventLoop({ dtS: 0.001, stopEvent: stopped })
  await never.run()
  t.equal(never.stats.turns, 0)
})

t.test('what cannot be is refused', async t => {
  t.throws(() => new EventLoop({ dtS: 0 }), { name: 'RangeError', message: 'dtS must be seconds above 0, got 0' })
  t.throws(() => new EventLoop({ dt_s: 1 } as never), { name: 'TypeError', message: /did you mean 'dtS'/ })
  const loop = new EventLoop({ dtS: 1 })
  t.throws(() => loop.addCallback(undefined as never), { name: 'TypeError', message: /callback must be a function/ })
  t.throws(() => loop.addDelayedCallbackOnce(() => 0, -1), { name: 'RangeError', message: /delayS/ })
})
