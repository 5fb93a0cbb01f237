import t from 'tap'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { utilsDependency } from '../../src/commands/new-module/utils-dependency.js'
import { writeModule } from '../../src/commands/new-module/write-module.js'
import { inTime } from '../support/in-time.js'
import { freePort } from '../support/free-port.js'
import { projectFolder } from '../support/project.js'
import { newModule, untilListening } from '../support/server/module.js'
import { platform } from '../../src/system/platform.js'

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
  if (platform() !== 'windows') t.same([code, signal], [0, null])
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
  const line = `^dp-mine: port ${port} of 127.0.0.1 is in use by .*process.*; stop it or choose another port$`
  t.match(text, new RegExp(line, 'm'))
})

t.test('a bad name, and a folder with something in it, are refused', async t => {
  const folder = t.testdir({ file: 'x' })
  for (const name of ['', 'A', 'a b', '../x', '-a', 'a.b', '1a']) {
    t.throws(() => writeModule(name, join(folder, 'new')), { name: 'TypeError', message: /named in lower-case/ }, name)
  }
  t.throws(() => writeModule('dp-mine', folder), { message: /not empty/ })
})

t.test('it asks for the package that wrote it, published or not', async t => {
  const installed = resolved => {
    const lock = { packages: { 'node_modules/dareplane-utils': { resolved } } }
    const folder = t.testdir({
      node_modules: {
        '.package-lock.json': JSON.stringify(lock),
        'dareplane-utils': { 'package.json': '{ "version": "1.2.3" }' },
      },
    })
    return { folder, dependency: utilsDependency(join(folder, 'node_modules', 'dareplane-utils')) }
  }
  t.equal(installed('https://registry.npmjs.org/dareplane-utils/-/dareplane-utils-1.2.3.tgz').dependency, '^1.2.3')
  t.equal(installed(undefined).dependency, '^1.2.3')
  const { folder, dependency } = installed('file:../dareplane-utils-1.2.3.tgz')
  t.equal(dependency, `file:${join(folder, '..', 'dareplane-utils-1.2.3.tgz')}`)
  t.equal(utilsDependency('/home/me/clone'), 'file:/home/me/clone')

  const dependenciesOf = (name, options) => {
    const target = join(folder, name)
    writeModule(name, target, options)
    return JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')).dependencies
  }
  t.same(dependenciesOf('dp-mine', {}), { 'dareplane-utils': `file:${projectFolder}` })
  t.same(dependenciesOf('dp-other', { utils: '~0.1.0' }), { 'dareplane-utils': '~0.1.0' })
})

t.test('in TypeScript it has the same files, with types', async t => {
  const folder = t.testdir()
  const [plain, typed] = [false, true].map(typescript =>
    writeModule('dp-mine', join(folder, String(typescript)), { typescript }).map(name => name.replaceAll('\\', '/')),
  )
  const others = files => files.filter(file => !file.startsWith('src/') && file !== 'tsconfig.json')
  t.same(others(typed), others(plain))
  const sources = files => files.filter(file => file.startsWith('src/')).map(file => file.replace(/\.[jt]s$/, ''))
  t.same(sources(typed), sources(plain))
  t.ok(typed.includes('tsconfig.json'))
})
