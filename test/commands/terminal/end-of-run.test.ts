import { once } from 'node:events'
import t from 'tap'
import { EndOfRun } from '../../../src/commands/terminal/end-of-run.js'

t.test('a run ends after its seconds', async t => {
  using end = new EndOfRun().after(0.01)
  await once(end.signal, 'abort')
  t.ok(end.signal.aborted)
})

t.test('a run ends by SIGINT, and its listeners go with it', async t => {
  const counts = (): number[] => ['SIGINT', 'SIGTERM'].map(name => process.listenerCount(name))
  const before = counts()
  {
    using end = new EndOfRun().after(3600)
    process.kill(process.pid, 'SIGINT')
    await once(end.signal, 'abort')
  }
  t.same(counts(), before)
})
