import { uniqueName } from '../../support/loopback.js'
import t from 'tap'
import { ENGINE_VARIABLE } from '../../../src/lsl/choose-engine.js'
import { THREAD_VARIABLE } from '../../../src/workers/watcher/choose-thread.js'
import { kill, lineOf, runNode, startFixture } from '../../support/child.js'
import { ENGINES } from '../../support/lsl/engines.js'
import { fixture } from '../../support/project.js'

const EXITS = 50

const WAYS = [...ENGINES.map(engine => ({ engine, thread: 'own' })), { engine: 'builtin', thread: 'shared' }]

for (const { engine, thread } of WAYS)
  t.test(
    `a process with a live watcher ends whole, by itself and by process.exit, 50 times of 50, ${engine}, ${thread} thread`,
    async t => {
      const name = uniqueName('exits')
      const outlet = startFixture('lsl/outlet.js', JSON.stringify({ name }))
      t.teardown(() => kill(outlet))
      await lineOf(outlet, 'ready')
      const ends: string[] = []
      const end = (way: string): Promise<unknown> =>
        runNode([fixture('watcher/exiting-watcher.js'), name, way], {
          env: { [ENGINE_VARIABLE]: engine, [THREAD_VARIABLE]: thread },
        }).then(
          ({ stdout }) => ends.push(stdout.trim()),
          (error: unknown) => ends.push(String(error)),
        )
      for (let index = 0; index < EXITS; index += 2) await Promise.all([end('natural'), end('exit')])
      t.strictSame(ends, Array<string>(EXITS).fill('done'))
    },
  )
