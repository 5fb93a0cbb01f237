import t from 'tap'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { writeModule } from '../../dist/commands/new-module/write-module.js'
import { inTime } from '../support/in-time.js'
import { freePort, newModule, untilListening } from '../support/module.js'

t.test('a new module starts, is commanded, and leaves on SIGTERM with everything stopped', async t => {
  const folder = join(t.testdir(), 'dp-mine')
  const files = newModule('dp-mine', folder)
  for (const file of [
    'package.json',
    '.gitignore',
    'README.md',
    'api/server.js',
    'api/server.py',
    'configs/module.toml',
  ]) {
    t.ok(files.map(name => name.replaceAll('\\', '/')).includes(file), file)
  }
  t.match(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')), { name: 'dp-mine', type: 'module' })
  t.notMatch(readFileSync(join(folder, 'README.md'), 'utf8'), /dareplane-module/)

  const port = await freePort()
  const child = spawn(
    process.execPath,
    ['api/server.js', `--port=${port}`, '--ip=127.0.0.1', '--loglevel=10', '--channel=2'],
    {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  const exited = once(child, 'exit')
  const socket = await untilListening(port)
  const greeting = once(socket, 'data')
  t.equal(String(await greeting), 'Connected to dp-mine\n')
  socket.write('GET_PCOMMS;')
  t.equal(String(await once(socket, 'data')), 'START|SET|STOP|CLOSE')
  socket.write('UP;')
  t.equal(String(await once(socket, 'data')), '1')
  const started = performance.now()
  child.kill('SIGTERM')
  const [code, signal] = await exited
  if (process.platform !== 'win32') t.same([code, signal], [0, null])
  inTime(t, 'gone', performance.now() - started, 1000)
})

t.test('a port in use is one clear line and an exit code', async t => {
  const folder = join(t.testdir(), 'dp-mine')
  newModule('dp-mine', folder)
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address()
  const child = spawn(process.execPath, ['api/server.js', `--port=${port}`], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  let text = ''
  child.stderr.on('data', bytes => (text += bytes))
  const [code] = await once(child, 'close')
  taken.close()
  t.equal(code, 1)
  const line = `^dp-mine: port ${port} of 127.0.0.1 is in use by .*process.*; stop it or choose another port\n$`
  t.match(text, new RegExp(line))
})

t.test('a bad name, and a folder with something in it, are refused', async t => {
  const folder = t.testdir({ file: 'x' })
  for (const name of ['', 'A', 'a b', '../x', '-a', 'a.b', '1a']) {
    t.throws(() => writeModule(name, join(folder, 'new')), { name: 'TypeError', message: /named in lower-case/ }, name)
  }
  t.throws(() => writeModule('dp-mine', folder), { message: /not empty/ })
})
