import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Linter } from 'eslint'
import t from 'tap'
import { projectFolder } from '../support/project.js'

const { packageRefusal, refusal, ROOMS, rooms } = await import(
  pathToFileURL(join(projectFolder, 'scripts', 'lint', 'rooms.js')).href
)

t.test('every "never" of the plan is refused', async t => {
  for (const [from, to] of [
    ['clock.ts', 'system/fifo.ts'],
    ['clock.ts', 'stream-watcher.ts'],
    ['clock.ts', 'index.ts'],
    ['system/fifo.ts', 'python/json.ts'],
    ['python/json.ts', 'system/fifo.ts'],
    ['ring/ring-reader.ts', 'lsl/engine.ts'],
    ['lsl/liblsl/library.ts', 'lsl/builtin/builtin-engine.ts'],
    ['lsl/builtin/builtin-engine.ts', 'lsl/liblsl/library.ts'],
    ['logging/wire/frame.ts', 'logging/sender/tell.ts'],
    ['logging/wire/frame.ts', 'logging/wall-clock.ts'],
    ['logging/wire/frame.ts', 'clock.ts'],
    ['logging/wire/frame.ts', 'timer.ts'],
    ['logging/wire/frame.ts', 'system/until.ts'],
    ['logging/sender/tell.ts', 'logging/receiver/log-file.ts'],
    ['logging/receiver/log-file.ts', 'logging/sender/tell.ts'],
    ['workers/watcher/pull-loop.ts', 'workers/jobs/worker-job.ts'],
    ['workers/jobs/worker-job.ts', 'workers/watcher/pull-loop.ts'],
    ['workers/jobs/worker-job.ts', 'workers/recorder/recorder.ts'],
    ['workers/pool.ts', 'server/default-server.ts'],
    ['server/wire/command.ts', 'server/connection.ts'],
    ['server/wire/command.ts', 'clock.ts'],
    ['server/default-server.ts', 'modules/module-client.ts'],
    ['signal/event-loop.ts', 'view/serve.ts'],
    ['stream-watcher.ts', 'modules/module-client.ts'],
    ['recording/comeback.ts', 'view/serve.ts'],
    ['recording/comeback.ts', 'commands/view.ts'],
    ['browser/connect.ts', 'view/serve.ts'],
    ['view/serve.ts', 'view/page/main.ts'],
    ['view/serve.ts', 'browser/connect.ts'],
    ['view/page/main.tsx', 'view/serve.ts'],
    ['view/serve.ts', 'commands/view.ts'],
    ['commands/view.ts', 'cli.ts'],
  ])
    t.type(refusal(from, to), 'string', `${from} imports ${to}`)
  t.equal(refusal('lsl/choose-engine.ts', 'lsl/builtin/builtin-engine.ts'), undefined)
  t.equal(refusal('server/wire/command.ts', 'python/json.ts'), undefined)
})

t.test('pure rooms and the browser have no Node', async t => {
  for (const [from, name] of [
    ['logging/wire/frame.ts', 'node:fs'],
    ['server/wire/command.ts', 'node:perf_hooks'],
    ['browser/connect.ts', 'node:buffer'],
    ['view/page/main.tsx', 'node:fs'],
    ['lsl/engine.ts', 'fs'],
  ])
    t.type(packageRefusal(from, name), 'string', `${from} imports ${name}`)
  t.equal(packageRefusal('logging/wire/frame.ts', 'node:buffer'), undefined)
  t.equal(packageRefusal('lsl/engine.ts', 'node:fs'), undefined)
})

t.test('there is no circle of rooms', async t => {
  const names = Object.keys(ROOMS)
  const roomOf = name => name.split('/')[0]
  for (const [index, name] of names.entries()) {
    t.ok(existsSync(join(projectFolder, 'src', name)), `${name} is there`)
    const above = ROOMS[name].filter(other => names.indexOf(other) > index && roomOf(other) !== roomOf(name))
    t.same(above, [], `${name} stands behind all that it imports`)
  }
})

t.test('no way to write an import goes round the rule', async t => {
  const config = { plugins: { own: { rules: { rooms } } }, rules: { 'own/rooms': 'error' } }
  const reports = code =>
    new Linter({ cwd: projectFolder }).verify(code, config, join(projectFolder, 'src/logging/sender/x.js'))
  for (const code of [
    `import '../receiver/log-file.js'`,
    `import { LogFile } from './../receiver/log-file.js'`,
    `export * from '../receiver/log-file.js'`,
    `export { LogFile } from '../../logging/receiver/log-file.js'`,
    `void import('../receiver/log-file.js')`,
    `new URL('../receiver/log-file.js', import.meta.url)`,
    `import 'fs'`,
  ])
    t.match(reports(code), [{ ruleId: 'own/rooms' }], code)
  t.same(reports(`import '../wire/frame.js'; new URL('./x.js', import.meta.url); new URL('../receiver/')`), [])
})
