import t from 'tap'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { platform } from '../../src/system/platform.js'
import { freePort } from '../support/free-port.js'
import { projectFolder } from '../support/project.js'
import { newModule, untilListening } from '../support/server/module.js'

const python = platform() === 'windows' ? 'python' : 'python3'
const skip =
  (spawnSync(python, ['--version']).status !== 0 && 'no Python') ||
  (platform() === 'windows' && 'the fake node is a shell script')
const launcher = join(projectFolder, 'examples', 'dareplane-module', 'api', 'server.py')

/** Starts api/server.py as on Windows, with a shell script in the place of node. */
function startLauncher(t, script) {
  const folder = t.testdir({ node: `#!/bin/sh\n${script}\n` })
  chmodSync(join(folder, 'node'), 0o755)
  const run = `import sys; sys.platform = 'win32'; exec(open(sys.argv[1]).read(), {'__file__': sys.argv.pop(1)})`
  const child = spawn(python, ['-c', run, launcher, '--port=1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
  })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

t.test('on Windows api/server.py lives as long as its node, and ends as it ended', { skip }, async t => {
  const child = startLauncher(t, 'echo $$; exit 7')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const exited = once(child, 'exit')
  t.not(Number((await lines.next()).value), child.pid, 'node is a process beside it')
  t.same(await exited, [7, null])
})

t.test('there a control room that kills it closes the standard input of node', { skip }, async t => {
  const child = startLauncher(t, 'echo "$DAREPLANE_CLOSE_WITH_STDIN $2"; cat; echo closed')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  t.equal((await lines.next()).value, '1 --port=1')
  child.kill('SIGKILL')
  t.equal((await lines.next()).value, 'closed')
})

t.test('a module that was told so leaves when its standard input ends', async t => {
  const folder = join(t.testdir(), 'dp-mine')
  newModule('dp-mine', folder)
  const port = await freePort()
  const child = spawn(process.execPath, ['api/server.js', `--port=${port}`], {
    cwd: folder,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, DAREPLANE_CLOSE_WITH_STDIN: '1' },
  })
  t.teardown(() => child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  const socket = await untilListening(port)
  t.equal(String(await once(socket, 'data')), 'Connected to dp-mine\n')
  child.stdin.end()
  t.same(await exited, [0, null])
})

t.test('the tests of a module are found without a pattern, which Node 20 and cmd do not know', t => {
  const { scripts } = JSON.parse(
    readFileSync(join(projectFolder, 'examples', 'dareplane-module', 'package.template.json'), 'utf8'),
  )
  t.equal(scripts.test, 'node --test')
  t.end()
})
