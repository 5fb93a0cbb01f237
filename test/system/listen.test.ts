import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { listen } from '../../src/system/listen.js'
import { platform } from '../../src/system/platform.js'
import { portHolders } from '../../src/system/ports/port-holder.js'

const needsShell = { skip: platform() === 'windows' && 'the fake netstat is a shell script' }

t.test('a listening socket survives any number of errors, and tells of them once a second', async t => {
  const server = createServer()
  const told: [string, number][] = []
  await listen(server, '127.0.0.1', 0, ({ message }, count) => told.push([message, count]))
  t.teardown(() => server.close())
  // What libuv does when no descriptor is left for a client.
  const fail = (n: number): boolean => server.emit('error', new Error(`accept EMFILE ${n}`))
  const started = performance.now()
  let errors = 0
  while (told.length < 3) {
    for (let n = 0; n < 100; n++) fail(errors++)
    await new Promise(setImmediate)
  }
  const seconds = (performance.now() - started) / 1000
  t.ok(seconds > 1.9, `three times in ${seconds} s`)
  t.same(told[0], ['accept EMFILE 0', 1])
  const counted = told.reduce((sum, [, count]) => sum + count, 0)
  t.ok(counted > errors - 100 && counted <= errors, `${counted} of ${errors}`)
  const { port } = server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.destroy()
})

t.test('a port that cannot be had is refused, and told once', async t => {
  const first = createServer()
  await listen(first, '127.0.0.1', 0, () => t.fail('no error after it'))
  t.teardown(() => first.close())
  const { port } = first.address() as AddressInfo
  const second = createServer()
  await t.rejects(
    listen(second, '127.0.0.1', port, () => t.fail('it never listens')),
    { code: 'ERR_PORT_IN_USE' },
  )
})

t.test('localhost is the address of IPv4, where Python is', async t => {
  const server = createServer()
  await listen(server, 'localhost', 0, () => undefined)
  t.teardown(() => server.close())
  t.equal((server.address() as AddressInfo).address, '127.0.0.1')
})

t.test('a port that Windows has reserved is said to be', async t => {
  t.intercept(process, 'platform', { value: 'win32' })
  await t.rejects(
    listen(refused('EACCES'), '127.0.0.1', 0, () => undefined),
    {
      code: 'ERR_LISTEN',
      message: /permission denied; Windows, Hyper-V or Docker has reserved it, `netsh .*excludedportrange/,
    },
  )
})

t.test('elsewhere a port may be for the superuser', async t => {
  t.intercept(process, 'platform', { value: 'linux' })
  await t.rejects(
    listen(refused('EACCES'), '127.0.0.1', 0, () => undefined),
    { message: /permission denied$/ },
  )
})

/** What netstat of Windows, in German, and of macOS print. */
const NETSTAT = {
  win32: `
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    0.0.0.0:9020           0.0.0.0:0              ABHÖREN          4711
  TCP    127.0.0.1:9021         0.0.0.0:0              ABHÖREN          4712
  TCP    127.0.0.1:9022         127.0.0.1:50000        HERGESTELLT      4713
  TCP    [::]:9023              [::]:0                 ABHÖREN          4714
  TCP    [::1]:9024             [::]:0                 ABHÖREN          4715
  UDP    0.0.0.0:9025           *:*                                     4716
`,
  darwin: `
Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  *.9020                 *.*                    LISTEN
tcp4       0      0  127.0.0.1.9021         *.*                    LISTEN
tcp4       0      0  127.0.0.1.9022         127.0.0.1.50000        ESTABLISHED
tcp46      0      0  *.9023                 *.*                    LISTEN
tcp6       0      0  ::1.9024               *.*                    LISTEN
udp4       0      0  *.9025                 *.*
`,
} as const

for (const [name, text] of Object.entries(NETSTAT)) {
  t.test(`a port that somebody has for other addresses is in use on ${name} too`, needsShell, async t => {
    const folder = t.testdir({ netstat: `#!/bin/sh\ncat <<'END'\n${text}END\n` })
    chmodSync(join(folder, 'netstat'), 0o755)
    setPath(t, `${folder}:${process.env['PATH'] ?? ''}`)
    t.intercept(process, 'platform', { value: name })
    const { shadowed } = portHolders()
    const holder = async (host: string, port: number): Promise<boolean> => (await shadowed?.(host, port)) !== undefined
    for (const host of ['127.0.0.1', '192.0.2.1', '0.0.0.0', '::']) {
      t.equal(await holder(host, 9020), true, `${host}:9020`)
      t.equal(await holder(host, 9023), true, `${host}:9023`)
      for (const port of [9022, 9025, 1, 902]) t.equal(await holder(host, port), false, `${host}:${port}`)
    }
    for (const [host, port, isTaken] of [
      ['127.0.0.1', 9021, true],
      ['0.0.0.0', 9021, true],
      ['192.0.2.1', 9021, false],
      ['127.0.0.1', 9024, false],
      ['::1', 9024, true],
    ] as const)
      t.equal(await holder(host, port), isTaken, `${host}:${port}`)
    const who = name === 'win32' ? 'process 4711' : 'another process'
    await t.rejects(
      listen(createServer(), '127.0.0.1', 9020, () => undefined),
      {
        code: 'ERR_PORT_IN_USE',
        message: new RegExp(`port 9020 of 127\\.0\\.0\\.1 is in use by ${who}; stop it`),
      },
    )
    const closed = createServer()
    const listening = listen(closed, '127.0.0.1', 1, () => undefined)
    closed.close()
    await t.rejects(listening, { code: 'ERR_CLOSED' }, 'closed while the system was asked')
  })
}

t.test('without netstat nobody is held to have a port', needsShell, async t => {
  setPath(t, t.testdir({}))
  t.intercept(process, 'platform', { value: 'darwin' })
  t.equal(await portHolders().shadowed?.('127.0.0.1', 9020), undefined)
})

/** Where programs are looked for until the end of the test. */
function setPath(t: Test, path: string): void {
  const before = process.env['PATH'] ?? ''
  process.env['PATH'] = path
  t.teardown(() => (process.env['PATH'] = before))
}

/** A server whose system refuses the port. */
function refused(code: string): Server {
  const server = createServer()
  const error = Object.assign(new Error('listen EACCES: permission denied'), { code })
  server.listen = () => {
    queueMicrotask(() => server.emit('error', error))
    return server
  }
  return server
}
