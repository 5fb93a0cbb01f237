// What the machine does to a server in a process of its own: its clock jumps, it is suspended, its descriptors run out.
import t from 'tap'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { childEnvironment } from '../support/child.js'
import { inTime } from '../support/in-time.js'
import { fixture } from '../support/project.js'
import { client, roundTrips, startProgram } from '../stress/server-process.js'
import { platform } from '../../src/system/platform.js'

const posix = { skip: platform() === 'windows' && 'needs POSIX signals' }

async function until(isSo) {
  while (!(await isSo())) await new Promise(resolve => setTimeout(resolve, 5))
}

// Every look at the wall clock is an hour off, before or behind by turns.
const JUMPING = `let i = 0; const now = Date.now; Date.now = () => now() + (i++ % 2 === 0 ? -3600e3 : 3600e3)`

t.test('a wall clock that jumps by hours changes no limit, no order and no book', async t => {
  const server = await startProgram('server/server.process.js', { commandTimeoutMs: 100 }, [
    '--import',
    `data:text/javascript,${encodeURIComponent(JUMPING)}`,
  ])
  t.teardown(() => server.end())
  const socket = await client(server.port)
  const [ms] = await roundTrips(socket, 'UP', 1)
  inTime(t, 'a bare UP, which silence ends', ms, 20)
  socket.write('COUNT|{"a":')
  await roundTrips(await client(server.port), 'UP;', 3)
  socket.write('1};')
  await until(async () => (await server.stats()).calls === 1)
  socket.write('WORKER;WORKER;WORKER;')
  await until(async () => (await server.ask('running')) === 3)
  const started = performance.now()
  t.equal(await server.ask('gone', () => socket.write('STOP;GONE;')), 0)
  inTime(t, 'STOP', performance.now() - started, 100)
})

t.test('a server that was suspended for longer than all its limits goes on where it was', posix, async t => {
  const server = await startProgram('server/server.process.js', { commandTimeoutMs: 100, quietMs: 20 })
  t.teardown(() => server.end())
  const [socket, other] = [await client(server.port), await client(server.port)]
  socket.write('WORKER;')
  await until(async () => (await server.ask('running')) === 1)
  socket.write('COUNT|{"a":')
  await roundTrips(other, 'UP;', 3)
  server.child.kill('SIGSTOP')
  socket.write('1};UP;')
  const answered = once(socket, 'data')
  await new Promise(resolve => setTimeout(resolve, 400))
  server.child.kill('SIGCONT')
  t.equal(String((await answered)[0]), '1')
  const { calls } = await server.stats()
  t.equal(calls, 1, 'the command whose second half came meanwhile is run')
  t.equal(await server.ask('running'), 1, 'the job runs')
  t.equal(await server.ask('gone', () => socket.write('STOP;GONE;')), 0)
})

/** A server whose process may have `descriptors` files open, with its log. */
async function cramped(descriptors) {
  const shell = `ulimit -n ${descriptors} && exec "$0" "$@"`
  const child = spawn(
    'sh',
    ['-c', shell, process.execPath, fixture('server/server.process.js'), JSON.stringify({ maxConnections: 1000 })],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: childEnvironment({ TEST_LOG_LEVEL: 'info' }),
    },
  )
  const log = { text: '' }
  child.stdout.setEncoding('utf8').on('data', text => (log.text += text))
  const [{ port }] = await once(child, 'message')
  return { child, port, log }
}

/** A client and whether it was greeted; a refused one is closed without a word. */
async function greetedOrRefused(port) {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  const isServed = await Promise.race([once(socket, 'data').then(() => true), once(socket, 'close').then(() => false)])
  return { socket, isServed }
}

t.test('out of file descriptors clients are refused, said once, and served again later', posix, async t => {
  const { child, port, log } = await cramped(64)
  t.teardown(() => child.kill('SIGKILL'))
  const first = await greetedOrRefused(port)
  const clients = []
  for (let i = 0; i < 80; i++) clients.push(await greetedOrRefused(port))
  const served = clients.filter(({ isServed }) => isServed)
  t.ok(served.length > 10 && served.length < 60, `${served.length} of 80 served`)
  await until(() => log.text.includes('no file descriptors left'))
  t.equal(log.text.split('no file descriptors left').length, 2, 'said once')
  await roundTrips(first.socket, 'UP;', 10)

  first.socket.write('SLEEP;UP;')
  await once(first.socket, 'data')
  await until(() => log.text.includes('job failed') || log.text.includes('handler failed'))
  await roundTrips(first.socket, 'UP;', 10)

  for (const { socket } of served) socket.destroy()
  await until(async () => (await greetedOrRefused(port)).isServed)
  await until(() => log.text.includes('there are file descriptors again'))
  const gone = once(child, 'message')
  first.socket.write('SLEEP;SLEEP;STOP;GONE;')
  t.same((await gone)[0], { gone: 0 })
})
