import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { ModuleClient } from '../../src/modules/module-client.js'
import { DefaultCallbackServer } from '../../src/server/default-callback-server.js'
import { listeningServer, recordingLogger } from '../support/server/client.js'
import { FakeJob } from '../support/server/fake-job.js'

async function clientOf(t: Test, port: number, options = {}): Promise<ModuleClient> {
  const client = new ModuleClient({ port, ...options })
  t.teardown(() => client.close())
  await client.connect({ timeoutS: 20 })
  return client
}

/** A program on a port that answers as it likes; remembers what it got. */
async function fakeModule(t: Test, onData: (text: string, socket: Socket) => void, greeting = 'Connected to fake\n') {
  const got: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.setNoDelay().on('error', () => undefined)
    socket.write(greeting)
    socket.on('data', bytes => {
      got.push(bytes.toString('latin1'))
      onData(bytes.toString('latin1'), socket)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, got, sockets }
}

t.test('a client learns name and commands of our server, and its commands arrive', async t => {
  const calls: unknown[] = []
  const { server } = await listeningServer({
    pcommandMap: { START: kwargs => void calls.push({ ...kwargs }), 'SET X': () => 1 },
  })
  t.teardown(() => server.shutdown())
  const client = await clientOf(t, server.port)
  t.equal(client.name, 'n')
  t.same(client.knownCommands, ['START', 'SET X'])
  t.same(client.jobs, [], 'it tells its jobs')
  t.ok(client.send('START', { text: 'a;b|c é', n: 1.5 }))
  t.ok(await client.isUp())
  t.same(calls, [{ text: 'a;b|c é', n: 1.5 }])
  t.throws(() => client.send('A;B'), TypeError)
})

t.test('jobs are told with the command that started them, and a STOP with their end', async t => {
  const job = new FakeJob()
  const { server } = await listeningServer({ pcommandMap: { START: () => job as never } })
  t.teardown(() => server.shutdown())
  const client = await clientOf(t, server.port)
  client.send('START')
  t.match(await client.askJobs(), [{ name: 'fake', command: 'START' }])
  const stopped = await client.stop()
  t.match(stopped, { outcome: 'reported', jobs: 1, ended: 1 })
  t.same(client.jobs, [])
  t.match(await client.stop(), { outcome: 'reported', jobs: 0, ended: 0 })
})

t.test('a STOP whose handler still runs is not reported as ended', async t => {
  let finish = (): void => undefined
  const { server } = await listeningServer({
    handlerTimeoutMs: 50,
    pcommandMap: { SLOW: () => new Promise<void>(resolve => (finish = resolve)) },
  })
  t.teardown(() => server.shutdown())
  const client = await clientOf(t, server.port)
  client.send('SLOW')
  t.ok(await client.isUp())
  const outcome = await client.stop()
  t.equal(outcome.outcome, 'reported')
  t.ok((outcome.ended ?? 0) < (outcome.jobs ?? 0))
  finish()
})

t.test('a client that does not ask sees nothing of reports', async t => {
  const { server } = await listeningServer({ pcommandMap: { START: () => new FakeJob() as never } })
  t.teardown(() => server.shutdown())
  const { Client } = await import('../support/server/client.js')
  const plain = await Client.greeted(server)
  const client = await clientOf(t, server.port)
  client.send('START')
  await client.stop()
  await plain.up()
  t.equal(plain.received, '1')
  await plain.close()
})

t.test('an observer gets no callbacks; who commands does', async t => {
  const { logger } = recordingLogger()
  const server = new DefaultCallbackServer({ port: 0, name: 'n', logger, greetingMs: 0, callbackSpacingMs: 0 })
  await server.initServer()
  void server.startListening()
  t.teardown(() => server.shutdown())
  const observer = await clientOf(t, server.port, { observer: true })
  observer.on('callback', () => t.fail('a callback to an observer'))
  const room = await clientOf(t, server.port)
  const callback = once(room, 'callback')
  server.sendCallback('other', 'GO', { a: 1 })
  t.match(await callback, [{ module: 'other', command: 'GO', payload: '{"a":1}' }])
})

t.test(
  'a callback server of the first generation, which knows no semicolon, is commanded packet by packet',
  async t => {
    const { port, got } = await fakeModule(t, (text, socket) => {
      if (text.includes('GET_PCOMMS')) socket.write('START|STOP|CLOSE')
      else if (text === 'UP') socket.write('1')
    })
    const client = await clientOf(t, port)
    t.same(client.knownCommands, ['START'])
    t.equal(client.jobs, undefined)
    client.send('START')
    t.ok(await client.isUp())
    t.ok(got.includes('START'), `it got ${JSON.stringify(got)}`)
    t.match(await client.stop(), { outcome: 'answered' })
    t.ok(got.includes('STOP'))
  },
)

t.test('a Python server answers behind the STOP', async t => {
  const { port, got } = await fakeModule(t, (text, socket) => {
    for (const piece of text.split(';')) {
      if (piece.includes('GET_PCOMMS')) socket.write('START|STOP|CLOSE|GET_PCOMMS|UP')
      else if (piece === 'UP') socket.write('1')
    }
  })
  const client = await clientOf(t, port)
  t.match(await client.stop(), { outcome: 'answered' })
  t.ok(got.join('').includes('STOP;UP;'))
})

t.test('a module that was held up while it was asked is learned when it answers', async t => {
  const module = await fakeModule(t, () => undefined)
  const client = await clientOf(t, module.port)
  const callbacks: unknown[] = []
  client.on('callback', callback => callbacks.push(callback))
  t.same(client.knownCommands, [])
  const [socket] = module.sockets
  // All at once, as it goes on: its answers to both questions and to the UPs.
  socket?.write('{"name":"n","commands":[{"name":"A"},{"name":"B"},{"name":"C"}]}\nA|B|C|STOP|CLOSE11')
  socket?.write('other|GO|{"n":1}')
  await once(client, 'callback')
  t.match(callbacks, [{ module: 'other', command: 'GO', payload: '{"n":1}' }], 'the list is no callback')
  t.same(client.knownCommands, ['A', 'B', 'C'])
})

t.test('a module that is silent is not said to have stopped', async t => {
  const { port, got } = await fakeModule(t, () => undefined, '')
  const client = await clientOf(t, port)
  t.same(client.knownCommands, [])
  t.match(await client.stop({ timeoutMs: 60 }), { outcome: 'silent' })
  t.match(got.join(''), /STOP;.*STOP/s, 'both forms, as its framing is not known')
  t.equal(await client.up({ timeoutMs: 20 }), undefined)
})

t.test('while there is no connection nothing is sent, now or later', async t => {
  const first = await listeningServer({ pcommandMap: { START: () => 1 } })
  const { port } = first.server
  const client = await clientOf(t, port)
  const down = once(client, 'down')
  await first.server.shutdown()
  await down
  t.equal(client.send('START'), false)
  t.match(await client.stop(), { outcome: 'silent' })
  const up = once(client, 'up')
  const second = await listeningServer({ port, pcommandMap: { START: () => 1 } })
  t.teardown(() => second.server.shutdown())
  await up
  t.ok(await client.isUp())
  t.notOk(second.records.some(({ msg }) => msg === 'command is run'))
})

t.test('connecting ends in time, and by its signal', async t => {
  const client = new ModuleClient({ port: 1 })
  await t.rejects(client.connect({ timeoutS: 0.05 }), { code: 'ERR_TIMEOUT' })
  const abort = new AbortController()
  const connecting = client.connect({ timeoutS: Infinity, signal: abort.signal })
  abort.abort()
  await t.rejects(connecting, { name: 'AbortError' })
  await client.close()
  await client.close()
  await t.rejects(client.connect(), { code: 'ERR_CLOSED' })
})

t.test('options that are wrong are named', async t => {
  t.throws(() => new ModuleClient({ port: 0 }), { name: 'RangeError', message: /^port must be/ })
  t.throws(() => new ModuleClient({ port: 1, hostt: 'x' } as never), {
    name: 'TypeError',
    message: /did you mean 'host'/,
  })
})
