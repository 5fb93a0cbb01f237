import { uniqueName } from '../../support/loopback.js'
import t from 'tap'
import { kill, lineOf, runNode, startFixture } from '../../support/child.js'
import { fixture } from '../../support/project.js'

const WATCHERS = 20

t.test('20 watchers connect, run and disconnect together, and the process ends by itself', async t => {
  const name = uniqueName('many')
  const outlet = startFixture('lsl/outlet.js', JSON.stringify({ name }))
  t.teardown(() => kill(outlet))
  await lineOf(outlet, 'ready')
  const { stdout } = await runNode([fixture('watcher/many-watchers.js'), name, String(WATCHERS)])
  const { frames, stopMs, leftMs } = JSON.parse(stdout) as { frames: number[]; stopMs: number; leftMs: number }
  t.equal(frames.length, WATCHERS)
  t.ok(
    frames.every(count => count > 0),
    `frames ${frames.join(' ')}`,
  )
  t.comment(`stopped delivering after ${stopMs} ms, all released after ${leftMs} ms`)
})
