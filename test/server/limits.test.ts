import t from 'tap'
import { once } from 'node:events'
import { DefaultServer } from '../../src/server/default-server.js'
import { Client, listeningServer, recordingLogger } from '../support/server/client.js'
import { fakeJob } from '../support/server/fake-job.js'

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

t.test(
  'a client that does not read its answers is heard all the same; what it does not read is dropped and counted',
  async t => {
    const job = fakeJob()
    const { server, records } = await listeningServer({ pcommandMap: { START: () => job } })
    t.teardown(() => server.shutdown())
    for (let i = 0; i < 40; i++) server.pcommandMap.set(`${'X'.repeat(100)}${i}`, () => 0)
    const list = [...server.pcommandMap.keys(), 'STOP', 'CLOSE'].join('|')
    const greedy = await Client.connect(server.port)
    greedy.socket.pause()
    greedy.send('START;')
    // More than the kernel takes.
    const asked = Math.ceil(2e7 / list.length)
    greedy.send(`${'GET_PCOMMS;'.repeat(asked)}STOP;`)
    t.same(await job.done, { outcome: 'returned' })
    await (await Client.greeted(server)).up()
    greedy.socket.resume()
    const dropped = (): number => records.reduce((sum, record) => sum + Number(record['dropped'] ?? 0), 0)
    while (Math.ceil(greedy.received.length / list.length) + dropped() < asked) await greedy.up()
    t.ok(dropped() > 0, `${dropped()} of ${asked} were dropped and counted, all others have come`)
    await greedy.close()
  },
)

t.test(
  'beyond the limit of waiting commands more are not run, counted and told, and UP and STOP are heard',
  async t => {
    let calls = 0
    const { server, records } = await listeningServer({
      maxQueuedCommands: 10,
      pcommandMap: { HOLD: (_, { signal }) => once(signal, 'abort').then(() => undefined), COUNT: () => calls++ },
    })
    t.teardown(() => server.shutdown())
    const client = await Client.greeted(server)
    client.send(`HOLD;${'COUNT;'.repeat(50_000)}`)
    await client.up()
    t.equal(records.filter(({ msg }) => msg.startsWith('too many commands wait')).length, 1)
    client.send('STOP;COUNT;')
    while (calls === 0) await client.up()
    t.equal(calls, 1, 'what came before the STOP is not run')
    const sum = (field: string): number => records.reduce((all, record) => all + Number(record[field] ?? 0), 0)
    t.equal(sum('dropped') + sum('refused'), 50_000)
    t.equal(sum('dropped'), 10)
  },
)

t.test('quick commands are all run, however many come at once', async t => {
  let calls = 0
  const { logger, records } = recordingLogger('warn')
  const { server } = await listeningServer({ logger, pcommandMap: { COUNT: () => calls++ } })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  client.send('COUNT;'.repeat(20_000))
  while (calls < 20_000 && records.length === 0) await client.up()
  t.same([calls, records], [20_000, []])
})

t.test('its own STOP is heard behind any number of slow commands', async t => {
  let calls = 0
  const spin = (): void => {
    const end = performance.now() + 20
    while (performance.now() < end);
    calls++
  }
  for (const SLOW of [
    spin,
    async () => spin(),
    () =>
      new Promise<void>(resolve => {
        calls++
        setTimeout(resolve, 20)
      }),
  ]) {
    calls = 0
    const { server } = await listeningServer({ pcommandMap: { SLOW } })
    const client = await Client.greeted(server)
    client.send(`${'SLOW;'.repeat(3000)}STOP;DONE;`)
    await new Promise<void>(resolve => server.pcommandMap.set('DONE', () => resolve()))
    t.ok(calls < 100, `${calls} of 3000 were run`)
    await server.shutdown()
  }
})

t.test('STOP drops what waits of every client, whether it has an end or not', async t => {
  const calls: string[] = []
  const { server, records } = await listeningServer({
    quietMs: 60_000,
    pcommandMap: {
      HOLD: (_, { signal }) => once(signal, 'abort').then(() => undefined),
      START: () => void calls.push('START'),
    },
  })
  t.teardown(() => server.shutdown())
  const [one, two, three] = [await Client.greeted(server), await Client.greeted(server), await Client.greeted(server)]
  one.send('HOLD;START;START;')
  two.send('UP;START')
  await Promise.all([one.up(), two.until(text => text === '1')])
  three.send('STOP;')
  await three.up()
  t.equal(records.find(record => record['dropped'] !== undefined)?.['dropped'], 3)
  one.send('START;')
  await one.up()
  while (calls.length === 0) await one.up()
  t.same(calls, ['START'], 'what comes after it is run')
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
    [{ host: 'nowhere' }, /host.*nowhere/],
    [{ host: '127.0.0.1', ip: '0.0.0.0' }, /ip and host.*'0\.0\.0\.0' and '127\.0\.0\.1'/],
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

t.test('host and ip are one option', async t => {
  for (const options of [{ host: '127.0.0.2' }, { ip: '127.0.0.2' }, { host: '127.0.0.2', ip: '127.0.0.2' }]) {
    const { server, records } = await listeningServer(options)
    await server.shutdown()
    t.ok(
      records.some(record => record['host'] === '127.0.0.2'),
      JSON.stringify(options),
    )
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
