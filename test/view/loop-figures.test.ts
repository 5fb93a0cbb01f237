import t from 'tap'
import { LoopFigures } from '../../src/view/loop-figures.js'

t.test('the time from a window to a command is the median of those that were seen', async t => {
  const loop = new LoopFigures()
  t.teardown(() => loop.close())
  t.equal(loop.status().windowToCommandMs, undefined)
  for (const ms of [3, 1, 2]) loop.commanded(ms)
  t.equal(loop.status().windowToCommandMs, 2)
})
