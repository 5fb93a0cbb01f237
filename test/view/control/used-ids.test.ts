import t from 'tap'
import { UsedIds } from '../../../src/view/control/used-ids.js'

t.test('an id is good once, and only so many are remembered', async t => {
  const ids = new UsedIds()
  t.ok(ids.use('a'))
  t.notOk(ids.use('a'))
  for (let i = 0; i < 10_000; i++) ids.use(`${i}`)
  t.ok(ids.use('a'))
})
