import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import { ENGINE_PAIRS } from '../support/lsl/engines.js'
import { streamChanges } from '../../src/lsl/stream-changes.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'

// Nearly all of their time is waiting for a stream to be forgotten.
t.jobs = 3
for (const { outlet, inlet } of ENGINE_PAIRS.filter(pair => pair.outlet !== pair.inlet)) {
  t.test(
    `streams of ${outlet} that come and go are told by ${inlet}, one already there first`,
    { buffered: true },
    async t => {
      const type = uniqueName('changes')
      const create = (name: string): StreamOutlet =>
        new StreamOutlet(new StreamInfo({ name, type, channelCount: 1 }), { engine: outlet })
      const first = create('first')
      const controller = new AbortController()
      const told: string[] = []
      let second: StreamOutlet | undefined
      const options = { engine: inlet, forgetAfterS: 2.5, signal: controller.signal }
      for await (const { change, info } of streamChanges(`type='${type}'`, options)) {
        told.push(`${info.name} ${change}`)
        if (told.length === 1) second = create('second')
        if (told.length === 2) await first.close()
        if (told.length === 3) await second?.close()
        if (told.length === 4) controller.abort()
      }
      t.same(told, ['first appeared', 'second appeared', 'first disappeared', 'second disappeared'])
    },
  )
}

t.test('an abort ends a wait for what never comes; a wrong limit and a wrong predicate are refused', async t => {
  const never = streamChanges(`name='${uniqueName('never')}'`, { engine: 'builtin', signal: AbortSignal.timeout(50) })
  t.same(await never.next(), { done: true, value: undefined })
  await t.rejects(streamChanges('', { forgetAfterS: 0 }).next(), { name: 'RangeError', message: /^forgetAfterS .*0/ })
  await t.rejects(streamChanges("name='", { engine: 'builtin' }).next(), { code: 'ERR_INVALID_PREDICATE' })
})
