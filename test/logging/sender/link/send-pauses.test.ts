import t from 'tap'
import { SendPauses } from '../../../../src/logging/sender/link/send-pauses.js'

t.test('after 16 KiB there is a pause, and then it goes on', async t => {
  const pace = new SendPauses()
  const never = (): void => void t.fail('went on without a pause')
  for (let sent = 0; sent < 15; sent++) pace.spend(1024, never)
  t.notOk(pace.isPausing)
  await new Promise<void>(resolve => {
    pace.spend(1024, resolve)
    t.ok(pace.isPausing)
    // What was on its way already makes no second pause.
    pace.spend(1024, never)
  })
  t.notOk(pace.isPausing)
  pace.spend(16 * 1024 - 1, never)
  t.notOk(pace.isPausing, 'all of it again')
})

t.test('a pause that is ended is over at once', async t => {
  const pace = new SendPauses()
  pace.spend(1024 * 1024, () => void t.fail('went on twice'))
  t.ok(pace.isPausing)
  pace.reset()
  t.notOk(pace.isPausing)
  // A later pause ends after the first would have.
  await new Promise<void>(resolve => pace.spend(1024 * 1024, resolve))
})
