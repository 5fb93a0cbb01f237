import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { closePool, runInPool } from '../../src/workers/pool.js'

const square = new URL('../fixtures/jobs/square.task.js', import.meta.url)

t.teardown(closePool)

t.test('tasks run side by side and answer in their own promise', async t => {
  t.same(await Promise.all([1, 2, 3, 4].map(n => runInPool(square, n))), [1, 4, 9, 16])
})

t.test('a task that throws rejects, and the next one runs', async t => {
  await t.rejects(runInPool(square, 'x'), { message: 'not a number' })
  t.equal(await runInPool(square, 5), 25)
})

t.test('whatever a task throws, it rejects with that', async t => {
  const thrown = what => new URL(`data:text/javascript,export default () => { throw ${what} }`)
  t.equal(await runInPool(thrown('null')).catch(value => value), null)
  t.equal(
    await runInPool(thrown('undefined')).then(
      () => 'resolved',
      value => value,
    ),
    undefined,
  )
  t.equal(await runInPool(thrown('7')).catch(value => value), 7)
  await t.rejects(runInPool(thrown('new DOMException("gone", "DataError")')), { name: 'DataError', message: 'gone' })
  await t.rejects(runInPool(thrown('Object.assign(new RangeError("x"), { code: "ERR_X" })')), {
    name: 'RangeError',
    code: 'ERR_X',
  })
  for (const unreadable of [
    'Object.assign(new Error(), { message: Symbol("s") })',
    'Object.assign(Object.create(null), { f() {} })',
    '(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()',
  ])
    t.match(await runInPool(thrown(unreadable)).catch(value => value), /cannot be read/, unreadable)
  await t.rejects(runInPool(new URL('data:text/javascript,')), { name: 'TypeError', message: /no default export/ })
})

t.test('aborting ends a task that loops, and the pool goes on', async t => {
  const abort = new AbortController()
  const looping = runInPool(square, 'loop', { signal: abort.signal })
  abort.abort()
  await t.rejects(looping, { name: 'AbortError' })
  t.equal(await runInPool(square, 6), 36)
  await t.rejects(runInPool(square, 6, { signal: abort.signal }), { name: 'AbortError' })
})

t.test('a pool that could not start is started again by the next task', async t => {
  const { execPath } = process
  const pool = JSON.stringify(new URL('../../src/workers/pool.js', import.meta.url))
  const hooks = `export const resolve = (what, context, next) => {
    if (what === 'piscina' && !globalThis.asked) {
      globalThis.asked = true
      throw new Error('no memory')
    }
    return next(what, context)
  }`
  const program = `
    import { register } from 'node:module'
    register('data:text/javascript,${encodeURIComponent(hooks).replaceAll("'", '%27')}')
    const { closePool, runInPool } = await import(${pool})
    const square = new URL(${JSON.stringify(square)})
    await runInPool(square, 5).catch(({ message }) => console.log(message))
    await closePool()
    console.log(String(await runInPool(square, 5)))
    await closePool()`
  const { stdout } = await promisify(execFile)(execPath, ['--input-type=module', '--eval', program])
  t.equal(stdout, 'no memory\n25\n')
})

t.test('closing is idempotent and the pool comes back', async t => {
  await Promise.all([closePool(), closePool()])
  t.equal(await runInPool(square, 7), 49)
  await t.rejects(runInPool('x', 1), { name: 'TypeError' })
})
