import '../support/loopback.js'
import { uniqueName } from '../support/loopback.js'
import t from 'tap'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { testFolder } from '../support/loopback.js'
import { kill, lineOf, startFixture } from '../support/child.js'

const WATCHERS = 20
const EXITS = 50
const run = promisify(execFile)

t.test('20 watchers connect, run and disconnect together, and the process ends by itself', async t => {
  const name = uniqueName('many')
  const outlet = startFixture('outlet.js', JSON.stringify({ name }))
  t.teardown(() => kill(outlet))
  await lineOf(outlet, 'ready')
  const { stdout } = await run(
    process.execPath,
    [join(testFolder, 'fixtures', 'many-watchers.js'), name, String(WATCHERS)],
    {
      cwd: testFolder,
      env: { ...process.env, NODE_OPTIONS: '' },
      timeout: 60_000,
    },
  )
  const { frames, stopMs, leftMs } = JSON.parse(stdout) as { frames: number[]; stopMs: number; leftMs: number }
  t.equal(frames.length, WATCHERS)
  t.ok(
    frames.every(count => count > 0),
    `frames ${frames.join(' ')}`,
  )
  t.comment(`stopped delivering after ${stopMs} ms, all released after ${leftMs} ms`)
})

t.test('a process with a live watcher ends whole, by itself and by process.exit, 50 times of 50', async t => {
  const name = uniqueName('exits')
  const outlet = startFixture('outlet.js', JSON.stringify({ name }))
  t.teardown(() => kill(outlet))
  await lineOf(outlet, 'ready')
  const fixture = join(testFolder, 'fixtures', 'exiting-watcher.js')
  const ends: string[] = []
  for (let index = 0; index < EXITS; index += 2)
    await Promise.all(
      ['natural', 'exit'].map(async way => {
        const options = { cwd: testFolder, env: { ...process.env, NODE_OPTIONS: '' }, timeout: 30_000 }
        await run(process.execPath, [fixture, name, way], options).then(
          ({ stdout }) => ends.push(stdout.trim()),
          (error: unknown) => ends.push(String(error)),
        )
      }),
    )
  t.same(
    ends.filter(end => end !== 'done'),
    [],
  )
  t.equal(ends.length, EXITS)
})
