// Section 1.7 of the protocol's facts: thirty weaknesses of the Python servers, by number, and what is so here instead.
// 16, 17, 18, 21, 24 and 30 need real threads and processes: server-faults.test.js.
import t from 'tap'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { connect } from 'node:net'
import { DefaultCallbackServer } from '../../src/server/default-callback-server.js'
import { DefaultServer } from '../../src/server/default-server.js'
import { Client, listeningServer, recordingLogger } from '../support/server/client.js'
import { fakeJob } from '../support/server/fake-job.js'

type Fields = Record<string, unknown>

/** A command's calls, and a promise of the next one. */
function recorder(): { calls: Fields[]; handler: (kwargs: Fields) => void; called: (count: number) => Promise<void> } {
  const calls: Fields[] = []
  let tell: () => void = () => undefined
  return {
    calls,
    handler: kwargs => {
      calls.push({ ...kwargs })
      tell()
    },
    called: async count => {
      while (calls.length < count) await new Promise<void>(resolve => (tell = resolve))
    },
  }
}

t.test('1. a command may arrive in any parts', async t => {
  const { calls, handler, called } = recorder()
  const { server } = await listeningServer({ quietMs: 1, pcommandMap: { START: handler } })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  for (const byte of 'START|{"a":1}') {
    client.send(byte)
    await new Promise(setImmediate)
  }
  await called(1)
  t.same(calls, [{ a: 1 }])
})

t.test('2. a payload of 64 KiB arrives whole', async t => {
  const { calls, handler, called } = recorder()
  const { server } = await listeningServer({ pcommandMap: { START: handler } })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  const a = 'x'.repeat(64 * 1024 - 8)
  client.send(`START|${JSON.stringify({ a })};`)
  await called(1)
  t.equal(calls[0]?.['a'], a)
})

t.test('3. a client that leaves makes room for the next, and costs nothing', async t => {
  const { server } = await listeningServer()
  t.teardown(() => server.shutdown())
  for (let i = 0; i < 3; i++) {
    const client = await Client.greeted(server)
    client.socket.end()
    await client.closed
  }
  await (await Client.greeted(server)).up()
})

t.test('4. a reset connection harms nobody', async t => {
  const { server } = await listeningServer()
  t.teardown(() => server.shutdown())
  for (let i = 0; i < 10; i++) {
    const client = await Client.greeted(server)
    client.send('START|{"a":')
    client.socket.resetAndDestroy()
    await client.closed
  }
  await (await Client.greeted(server)).up()
})

t.test('5. 12. a handler may throw, reject or return anything: the next command runs', async t => {
  const { calls, handler, called } = recorder()
  const odd: unknown[] = [
    null,
    'text',
    {},
    [],
    Symbol('x'),
    () => 0,
    NaN,
    { kind: 'worker' },
    { then: 'no function' },
    1n,
  ]
  const { server, records } = await listeningServer({
    pcommandMap: {
      BOOM: () => {
        throw new Error('boom')
      },
      REJECT: () => Promise.reject(new Error('rejected')),
      THROW_STRING: () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- a handler may
        throw 'text'
      },
      ODD: ({ i }) => odd[i as number] as undefined,
      ODD_LATER: ({ i }) => Promise.resolve(odd[i as number] as undefined),
      LAST: handler,
    },
  })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  const commands = odd.flatMap((_, i) => [`ODD|{"i":${i}}`, `ODD_LATER|{"i":${i}}`])
  client.send(`BOOM;REJECT;THROW_STRING;${commands.join(';')};START|null;LAST;`)
  await called(1)
  t.same(calls, [{}])
  t.equal(records.filter(record => record.msg === 'handler failed').length, 3)
  t.equal(server.threads.size, 0)
  await client.up()
})

t.test('6. a payload that mentions GET_PCOMMS is a payload', async t => {
  const { calls, handler, called } = recorder()
  const { server } = await listeningServer({ pcommandMap: { START: handler } })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  client.send('START|{"a":"GET_PCOMMS"};START|{"a":";GET_PCOMMS|"};')
  await called(2)
  t.same(calls, [{ a: 'GET_PCOMMS' }, { a: ';GET_PCOMMS|' }])
  t.equal(client.received, '')
})

t.test('7. 8. built-ins are known in every form', async t => {
  const { server } = await listeningServer({ quietMs: 5, pcommandMap: { START: () => fakeJob() } })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  for (const form of ['UP', 'UP;', 'UP\r\n', 'UP\n', 'UP|', 'UP|;', 'UP|{};', ' UP ;', '\xc2UP;', 'UP|\r\n']) {
    client.received = ''
    client.send(form)
    t.equal(await client.until(text => text !== ''), '1', JSON.stringify(form))
  }
  for (const form of [
    'STOP',
    'STOP;',
    'STOP\r\n',
    'STOP\n',
    'STOP|',
    'STOP|{}',
    'STOP|{"a":',
    ' STOP',
    'STOP|x;',
    '\xc2STOP',
  ]) {
    client.send('START;')
    await client.up()
    t.equal(server.threads.size, 1)
    const [job] = server.threads.values()
    client.send(form)
    await job?.done
    t.pass(JSON.stringify(form))
    await client.up()
  }
})

t.test('9. blank lines and blank commands say nothing', async t => {
  const { server, records } = await listeningServer()
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  client.send(';\r\n;;\r\n\r\n ; \n;')
  await client.up()
  t.same(
    records.filter(record => record.level >= 40),
    [],
  )
  t.equal(client.received, '1')
})

t.test('10. 11. semicolons, bars and any script of the world may stand in a payload', async t => {
  const { calls, handler, called } = recorder()
  const { server } = await listeningServer({ pcommandMap: { START: handler } })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  const payload = { a: 'x;y|z', µ: 'Grün µV 脳波 🧠 ÂÂ', 'k;|': [';', { '|': '}"{' }] }
  client.socket.write(`START|${JSON.stringify(payload)};\xc2`)
  await called(1)
  t.same(calls, [payload])
})

t.test('13. the answer to what is not text quotes that command alone', async t => {
  const { server } = await listeningServer()
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  client.send(`UP;a\xff'\t\\;UP;`)
  const line = `Was unable to decode msg=b"a\\xff'\\t\\\\" to ascii\n`
  t.equal(await client.until(text => text.length === line.length + 2), `11${line}`)
})

t.test('14. several clients are served at once, each its own answers', async t => {
  const { server } = await listeningServer({ pcommandMap: { START: () => 0 } })
  t.teardown(() => server.shutdown())
  const clients = await Promise.all(Array.from({ length: 10 }, () => Client.greeted(server)))
  await Promise.all(clients.map(client => client.up()))
  clients[0]?.send('GET_PCOMMS;')
  await clients[0]?.until(text => text === '1START|STOP|CLOSE')
  t.same(
    clients.slice(1).map(client => client.received),
    Array(9).fill('1'),
  )
})

t.test('15. UP, GET_PCOMMS and STOP are heard while a handler runs', async t => {
  let heard: (() => void) | undefined
  const { server } = await listeningServer({
    pcommandMap: {
      SLOW: async (_, { signal }) => {
        await once(signal, 'abort')
        heard?.()
      },
    },
  })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  const aborted = new Promise<void>(resolve => (heard = resolve))
  client.send('SLOW;UP;GET_PCOMMS;')
  await client.until(text => text === '1SLOW|STOP|CLOSE')
  client.send('STOP;')
  await aborted
})

t.test('19. ended jobs leave the books; a thousand of one millisecond are all kept', async t => {
  const jobs = Array.from({ length: 1000 }, () => fakeJob())
  let next = 0
  const { server } = await listeningServer({ pcommandMap: { THR: () => jobs[next++] } })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  client.send('THR;'.repeat(1000))
  while (server.threads.size < 1000) await client.up()
  for (const job of jobs.slice(1)) job.finish()
  await client.up()
  t.equal(server.threads.size, 1)
  client.send('STOP;')
  await jobs[0]?.done
  t.equal(jobs[0]?.stops, 1)
  t.equal(jobs[1]?.stops, 0)
})

t.test('20. two servers share nothing, and a closed one does not keep a new one from listening', async t => {
  const [one, two] = await Promise.all([listeningServer(), listeningServer()])
  t.teardown(() => two.server.shutdown())
  ;(await Client.greeted(one.server)).send('CLOSE;')
  await one.listening
  await (await Client.greeted(two.server)).up()
  const three = await listeningServer()
  t.teardown(() => three.server.shutdown())
  await (await Client.greeted(three.server)).up()
})

t.test('22. CLOSE closes connections and port', async t => {
  const { server, listening } = await listeningServer()
  const [client, other] = [await Client.greeted(server), await Client.greeted(server)]
  client.send('CLOSE;')
  await Promise.all([client.closed, other.closed, listening])
  await t.rejects(Client.connect(server.port))
})

t.test('23. what is set is heeded: a handler that is replaced, added or removed, from the next command on', async t => {
  const calls: string[] = []
  const { server } = await listeningServer({ pcommandMap: { START: () => void calls.push('old') } })
  t.teardown(() => server.shutdown())
  server.pcommandMap.set('SWAP', () => {
    server.pcommandMap.set('START', () => void calls.push('new'))
    server.pcommandMap.set('ADDED', () => void calls.push('added'))
  })
  server.pcommandMap.set('DROP', () => void server.pcommandMap.delete('START'))
  const client = await Client.greeted(server)
  client.send('START;ADDED;SWAP;START;ADDED;DROP;START;')
  await client.up()
  t.same(calls, ['old', 'new', 'added'])
})

t.test('25. the names that the server answers itself, or that no client could call, are refused', async t => {
  const { server } = await listeningServer({ pcommandMap: new Map([['A B', () => 0]]) })
  t.teardown(() => server.shutdown())
  for (const name of ['STOP', 'CLOSE', 'UP', 'GET_PCOMMS', '', ' A', 'A ', 'A|B', 'A;', 'A.B', 'A{', 'A\n', 'É']) {
    t.throws(() => server.pcommandMap.set(name, () => 0), { name: 'TypeError' }, JSON.stringify(name))
    t.throws(() => new DefaultServer({ pcommandMap: { [name]: () => 0 } }), { name: 'TypeError' })
  }
  t.throws(() => server.pcommandMap.set('A', 1 as never), { name: 'TypeError', message: /handler of A/ })
  const client = await Client.greeted(server)
  server.pcommandMap.set('LATER', () => 0)
  client.send('GET_PCOMMS;')
  await client.until(text => text === 'A B|LATER|STOP|CLOSE')
})

t.test('26. the list of commands comes in one piece', async t => {
  const names = Array.from({ length: 300 }, (_, i) => `COMMAND ${i}`)
  const { server } = await listeningServer({ pcommandMap: new Map(names.map(name => [name, () => 0])) })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  client.send('GET_PCOMMS')
  const [bytes] = (await once(client.socket, 'data')) as [string]
  t.equal(bytes, [...names, 'STOP', 'CLOSE'].join('|'))
})

t.test('27. a callback server understands semicolons, and sends callbacks after STOP, one at a time', async t => {
  const { logger } = recordingLogger()
  const server = new DefaultCallbackServer({ port: 0, logger, greetingMs: 0, callbackSpacingMs: 25 })
  await server.initServer()
  void server.startListening()
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  const chunks: [number, string][] = []
  client.socket.on('data', bytes => chunks.push([performance.now(), bytes as unknown as string]))
  client.send('STOP;UP;')
  await client.until(text => text === '1')
  for (let i = 0; i < 5; i++) server.sendCallback('other', 'START', { i })
  await client.until(text => text.endsWith('{"i":4}'))
  t.same(
    chunks.slice(1).map(([, bytes]) => bytes),
    [0, 1, 2, 3, 4].map(i => `other|START|{"i":${i}}`),
  )
  const gaps = chunks.slice(2).map(([at], i) => at - (chunks[i + 1]?.[0] ?? 0))
  t.ok(
    gaps.every(gap => gap > 10),
    gaps.join(' '),
  )
})

t.test('28. sending to a client that is gone harms nothing', async t => {
  const { logger } = recordingLogger()
  const server = new DefaultCallbackServer({ port: 0, logger, greetingMs: 0, callbackSpacingMs: 0 })
  await server.initServer()
  void server.startListening()
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  client.socket.resetAndDestroy()
  for (let i = 0; i < 100; i++) server.sendCallback('other', 'START')
  await client.closed
  await (
    await Client.connect(server.port)
  ).until(text => text.startsWith('Connected to default_server\nother|START|{}'))
})

t.test('29. only this machine reaches a server that was not told otherwise', async t => {
  const { server, records } = await listeningServer()
  t.teardown(() => server.shutdown())
  const outside = Object.values(networkInterfaces())
    .flat()
    .find(address => address && !address.internal && address.family === 'IPv4')
  if (outside) {
    const socket = connect({ port: server.port, host: outside.address })
    await t.rejects(once(socket, 'connect'), { code: 'ECONNREFUSED' })
  }
  t.notOk(records.some(record => record.level >= 40))
  const open = await listeningServer({ host: '0.0.0.0' })
  t.teardown(() => open.server.shutdown())
  t.ok(open.records.some(record => record.level === 40 && record['host'] === '0.0.0.0'))
})

t.test('5. whatever a handler throws, also what cannot be looked at, the server goes on', async t => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const nameless = Object.defineProperty(new Error('x'), 'name', {
    get: () => {
      throw new Error('a getter')
    },
  })
  const { server, records } = await listeningServer()
  t.teardown(() => server.shutdown())
  let called = 0
  const odd: Readonly<Record<string, Error>> = { A: proxy as Error, B: nameless }
  for (const [name, thrown] of Object.entries(odd))
    server.pcommandMap.set(name, (_, { signal }) => {
      called++
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(thrown)))
    })
  const client = await Client.greeted(server)
  const other = await Client.greeted(server)
  client.send('A;')
  other.send('B;')
  while (called < 2) await new Promise(setImmediate)
  other.send('STOP;')
  await other.up()
  while (records.filter(({ msg }) => msg.startsWith('handler failed')).length < 2) await new Promise(setImmediate)
})
