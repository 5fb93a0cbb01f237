import t from 'tap'
import { startEvery } from '../../../src/signal/jobs/start-every.js'

t.test('each multiple has one turn, though timers fire a little early', async t => {
  // Timers count whole milliseconds: every second one of these fires half of one early.
  const periodMs = 2.5
  const TURNS = 100
  const started = performance.now()
  let turns = 0
  await new Promise<void>((resolve, reject) => {
    const stop = startEvery(
      periodMs / 1000,
      () => {
        if (++turns < TURNS) return
        stop()
        resolve()
      },
      reject,
    )
  })
  const took = performance.now() - started
  t.ok(took >= (TURNS - 1) * periodMs, `${TURNS} turns of ${periodMs} ms in ${took.toFixed(1)} ms`)
})

t.test('what a turn throws is told, and there is no other', async t => {
  const error = await new Promise<unknown>(resolve => {
    startEvery(
      0.001,
      () => {
        throw new Error('turn')
      },
      resolve,
    )
  })
  t.match(error, { message: 'turn' })
})
