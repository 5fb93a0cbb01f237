import t from 'tap'
import { closePool, runInPool } from '../../dist/workers/pool.js'

const square = new URL('../fixtures/square.task.js', import.meta.url)

t.teardown(closePool)

t.test('tasks run side by side and answer in their own promise', async t => {
  t.same(await Promise.all([1, 2, 3, 4].map(n => runInPool(square, n))), [1, 4, 9, 16])
})

t.test('a task that throws rejects, and the next one runs', async t => {
  await t.rejects(runInPool(square, 'x'), { message: 'not a number' })
  t.equal(await runInPool(square, 5), 25)
})

t.test('aborting ends a task that loops, and the pool goes on', async t => {
  const abort = new AbortController()
  const looping = runInPool(square, 'loop', { signal: abort.signal })
  abort.abort()
  await t.rejects(looping, { name: 'AbortError' })
  t.equal(await runInPool(square, 6), 36)
  await t.rejects(runInPool(square, 6, { signal: abort.signal }), { name: 'AbortError' })
})

t.test('closing is idempotent and the pool comes back', async t => {
  await Promise.all([closePool(), closePool()])
  t.equal(await runInPool(square, 7), 49)
  await t.rejects(runInPool('x', 1), { name: 'TypeError' })
})
