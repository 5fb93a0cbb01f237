import t from 'tap'
import { DefaultServer } from '../../src/server/default-server.js'
import { Client, listeningServer } from './client.js'

t.test('a command that is too long is never executed in part, and closes its connection alone', async t => {
  let calls = 0
  const { server, records } = await listeningServer({ pcommandMap: { START: () => calls++ } })
  t.teardown(() => server.shutdown())
  const other = await Client.greeted(server)
  const client = await Client.greeted(server)
  client.send('START|{"a":"')
  const mebibyte = 'START'.repeat(210_000)
  for (let i = 0; i < 10; i++) client.send(mebibyte)
  await client.closed
  t.equal(client.received, 'ERR too-long\n')
  t.equal(calls, 0)
  await other.up()
  t.ok(records.some(record => record.msg.includes('longer than the limit')))
})

t.test('one client more than the limit is refused, and the next that fits is served', async t => {
  const { server } = await listeningServer({ maxConnections: 3 })
  t.teardown(() => server.shutdown())
  const clients = await Promise.all([1, 2, 3].map(() => Client.greeted(server)))
  const refused = await Client.connect(server.port)
  await refused.closed
  t.equal(refused.received, '')
  await clients[0]?.close()
  await clients[1]?.up()
  await (await Client.greeted(server)).up()
})

t.test('a command that does not complete in time is dropped; a client that drips is closed', async t => {
  const calls: unknown[] = []
  const { server, records } = await listeningServer({
    commandTimeoutMs: 30,
    quietMs: 5,
    pcommandMap: { START: kwargs => void calls.push({ ...kwargs }) },
  })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  client.send('START|{"a":')
  while (!records.some(record => record.msg.includes('did not complete'))) await new Promise(setImmediate)
  client.send('1};START|{"a":2};')
  await client.up()
  t.same(calls, [{ a: 2 }])

  const dripping = await listeningServer({ commandTimeoutMs: 1200 })
  t.teardown(() => dripping.server.shutdown())
  const drip = await Client.greeted(dripping.server)
  const drops = setInterval(() => drip.send('x'), 20)
  await drip.closed
  clearInterval(drops)
  await (await Client.greeted(dripping.server)).up()
})

t.test('a hundred undecodable commands a second are answered, more close the connection', async t => {
  const { server, records } = await listeningServer()
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  client.send('\xff;'.repeat(150))
  await client.closed
  t.equal(client.received.split('\n').length - 1, 100)
  t.equal(records.filter(record => record.msg.includes('garbage')).length, 1, 'said once')
  await (await Client.greeted(server)).up()
})

t.test('a client that does not read its answers is not read from either', async t => {
  const { server } = await listeningServer()
  t.teardown(() => server.shutdown())
  const greedy = await Client.connect(server.port)
  greedy.socket.pause()
  let stalled = false
  for (let i = 0; i < 1000 && !stalled; i++) {
    stalled = !greedy.socket.write('GET_PCOMMS;'.repeat(6000)) && greedy.socket.writableLength > 30 << 20
    await new Promise(setImmediate)
  }
  t.ok(stalled, 'the socket of a server that would read on would drain')
  await (await Client.greeted(server)).up()
  await greedy.close()
})

t.test('commands that wait hold their client back, not its UP of others, and none is lost', async t => {
  let release: () => void = () => undefined
  const held = new Promise<void>(resolve => (release = resolve))
  let calls = 0
  const { server } = await listeningServer({
    maxQueuedCommands: 10,
    pcommandMap: { HOLD: () => held, COUNT: () => calls++ },
  })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  const other = await Client.greeted(server)
  client.send(`HOLD;${'COUNT;'.repeat(50_000)}`)
  for (let i = 0; i < 20; i++) await other.up()
  t.equal(calls, 0)
  release()
  while (calls < 50_000) await other.up()
  await client.up()
  t.equal(calls, 50_000)
})

t.test('with a token nothing is heard before AUTH, and one wrong word closes', async t => {
  const calls: string[] = []
  const { server } = await listeningServer({ token: 'secret', pcommandMap: { START: () => void calls.push('START') } })
  t.teardown(() => server.shutdown())
  for (const first of ['STOP;', 'AUTH|wrong;', 'UP;', 'START;', 'CLOSE;', 'GET_PCOMMS']) {
    const client = await Client.greeted(server)
    client.send(`${first}UP;START;`)
    await client.closed
    t.equal(client.received, '', first)
  }
  const client = await Client.greeted(server)
  client.send('AUTH|secret;START;UP;')
  t.equal(await client.until(text => text !== ''), '1')
  t.same(calls, ['START'])
})

t.test('a client that never authorizes is closed in time', async t => {
  const { server } = await listeningServer({ token: 'secret', commandTimeoutMs: 20 })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  await client.closed
  t.equal(client.received, '')
})

t.test('with stopOnDisconnect the last client that leaves stops what runs', async t => {
  const { fakeJob } = await import('./fake-job.js')
  const jobs = [fakeJob(), fakeJob()]
  let next = 0
  const { server } = await listeningServer({ stopOnDisconnect: true, pcommandMap: { START: () => jobs[next++] } })
  t.teardown(() => server.shutdown())
  const [one, two] = [await Client.greeted(server), await Client.greeted(server)]
  one.send('START;')
  await one.up()
  await one.close()
  await two.up()
  t.equal(jobs[0]?.stops, 0)
  await two.close()
  await jobs[0]?.done
  t.equal(jobs[0]?.stops, 1)
})

t.test('impossible options are refused by name', async t => {
  const bad: [object, RegExp][] = [
    [{ port: -1 }, /port.*-1/],
    [{ port: 65536 }, /port/],
    [{ port: '80' }, /port/],
    [{ ip: 'nowhere' }, /ip.*nowhere/],
    [{ name: 'a\nb' }, /name/],
    [{ framing: 'loose' }, /framing.*loose/],
    [{ maxCommandBytes: 0 }, /maxCommandBytes/],
    [{ maxConnections: 1.5 }, /maxConnections/],
    [{ quietMs: -1 }, /quietMs/],
    [{ quietMs: NaN }, /quietMs/],
    [{ token: 'a|b' }, /token/],
    [{ token: '' }, /token/],
  ]
  for (const [options, message] of bad) {
    t.throws(() => new DefaultServer(options), { message }, JSON.stringify(options))
  }
})

t.test('a client that came between initServer and startListening is greeted then', async () => {
  const server = new DefaultServer({ port: 0, name: 'n' })
  await server.initServer()
  const client = await Client.connect(server.port)
  const listening = server.startListening()
  await client.until(text => text === 'Connected to n\n')
  await client.up()
  await server[Symbol.asyncDispose]()
  await listening
})
