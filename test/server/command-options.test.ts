import t from 'tap'
import { DefaultServer } from '../../src/server/default-server.js'
import type { KwargsSchema } from '../../src/server/command-options.js'
import { Client, listeningServer } from '../support/server/client.js'
import { fakeJob } from '../support/server/fake-job.js'

/** A schema as a library of Standard Schema makes one: `channel` must be a number, and is rounded. */
function channelSchema(isAsync = false): KwargsSchema {
  const validate = (
    value: unknown,
  ): { value: unknown } | { issues: { message: string; path: [{ key: string }] }[] } => {
    const { channel } = value as { channel?: unknown }
    if (typeof channel === 'number') return { value: { channel: Math.round(channel) } }
    return { issues: [{ message: 'expected a number', path: [{ key: 'channel' }] }] }
  }
  return {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: value => (isAsync ? Promise.resolve(validate(value)) : validate(value)),
      jsonSchema: { input: () => ({ type: 'object', properties: { channel: { type: 'number' } } }) },
    },
  }
}

t.test('an exclusive command is not run again while a job that it started runs, and the log says so once', async t => {
  const jobs = [fakeJob('one'), fakeJob('two')]
  let next = 0
  const { server, records } = await listeningServer()
  t.teardown(() => server.shutdown())
  server.pcommandMap.set('START', () => jobs[next++], { exclusive: true })
  const [one, two] = [await Client.greeted(server), await Client.greeted(server)]
  one.send('START;START;')
  await one.up()
  two.send('START;')
  await two.up()
  t.equal(server.threads.size, 1)
  const refusals = records.filter(({ msg }) => /still runs/.test(msg))
  t.match(refusals, [
    { pcomm: 'START', job: 'one' },
    { pcomm: 'START', job: 'one' },
  ])
  one.send('STOP;START;')
  while (server.threads.size === 0 || next < 2) await one.up()
  t.equal(jobs[0]?.stops, 1)
  t.equal([...server.threads.values()][0], jobs[1])
})

t.test('an exclusive command is not run again while its handler runs, which may still start a job', async t => {
  let release: () => void = () => undefined
  let calls = 0
  const { server, records } = await listeningServer()
  t.teardown(() => server.shutdown())
  const handler = async (): Promise<ReturnType<typeof fakeJob>> => {
    calls++
    await new Promise<void>(resolve => (release = resolve))
    return fakeJob()
  }
  server.pcommandMap.set('START', handler, { exclusive: true })
  const [one, two] = [await Client.greeted(server), await Client.greeted(server)]
  one.send('START;')
  await one.up()
  two.send('START;')
  await two.up()
  t.equal(calls, 1)
  t.equal(records.filter(({ msg }) => /being run already/.test(msg)).length, 1)
  release()
  while (server.threads.size === 0) await one.up()
})

for (const isAsync of [false, true]) {
  const how = isAsync ? 'by promise' : 'at once'
  t.test(`arguments are checked before the handler (${how}): one log line, nothing run`, async t => {
    const calls: unknown[] = []
    const { server, records } = await listeningServer()
    t.teardown(() => server.shutdown())
    server.pcommandMap.set('START', kwargs => void calls.push(kwargs), { kwargs: channelSchema(isAsync) })
    server.pcommandMap.set('LAST', () => void calls.push('last'))
    const client = await Client.greeted(server)
    client.send('START;START|{"channel":"x"};START|{"channel":2.2};LAST;')
    while (calls.length < 2) await client.up()
    t.same(calls, [{ channel: 2 }, 'last'])
    t.equal(Object.getPrototypeOf(calls[0]), null)
    t.match(
      records.filter(({ level }) => level >= 40),
      [{ pcomm: 'START', reason: 'channel: expected a number' }, { pcomm: 'START' }],
    )
  })
}

t.test('a schema that throws or rejects harms nothing', async t => {
  let calls = 0
  const { server, records } = await listeningServer()
  t.teardown(() => server.shutdown())
  const schema = (validate: () => never | Promise<never>): KwargsSchema => ({
    '~standard': { version: 1, vendor: 'test', validate },
  })
  const thrown = (): never => {
    throw new Error('thrown')
  }
  server.pcommandMap.set('A', () => calls++, { kwargs: schema(thrown) })
  server.pcommandMap.set('B', () => calls++, { kwargs: schema(() => Promise.reject(new Error('rejected'))) })
  const client = await Client.greeted(server)
  client.send('A;B;')
  while (records.filter(({ msg }) => msg === 'handler failed').length < 2) await client.up()
  t.equal(calls, 0)
})

t.test('DESCRIBE answers one line of JSON, unless the module has a command of that name', async t => {
  const { server } = await listeningServer({ pcommandMap: { PLAIN: () => 0 } })
  t.teardown(() => server.shutdown())
  server.pcommandMap.set('START', () => 0, {
    description: 'Starts at 5 µV',
    exclusive: true,
    kwargs: channelSchema(),
  })
  const client = await Client.greeted(server)
  client.send('DESCRIBE;')
  const line = await client.until(text => text.endsWith('\n'))
  t.match(line, /^[ -~]+\n$/, 'ASCII')
  t.same(JSON.parse(line), {
    name: 'n',
    commands: [
      { name: 'PLAIN', exclusive: false },
      {
        name: 'START',
        description: 'Starts at 5 µV',
        exclusive: true,
        kwargs: { type: 'object', properties: { channel: { type: 'number' } } },
      },
    ],
  })
  client.received = ''
  client.send('GET_PCOMMS;')
  t.equal(await client.until(text => text.endsWith('CLOSE')), 'PLAIN|START|STOP|CLOSE', 'it is in no list')
  const called = new Promise<void>(resolve => server.pcommandMap.set('DESCRIBE', () => resolve()))
  client.send('DESCRIBE;')
  await called
})

t.test('options are replaced with their command, kept with their table, and refused when they are none', async t => {
  const server = new DefaultServer({ port: 0 })
  t.teardown(() => server.shutdown())
  const { pcommandMap } = server
  pcommandMap.set('START', () => 0, { description: 'first', exclusive: true })
  t.same(new DefaultServer({ pcommandMap }).pcommandMap.optionsOf('START'), { description: 'first', exclusive: true })
  pcommandMap.set('START', () => 0)
  t.same(pcommandMap.optionsOf('START'), {})
  const set = (options: unknown) => () => pcommandMap.set('START', () => 0, options as object)
  t.throws(set({ exklusive: true }), { name: 'TypeError', message: /unknown option 'exklusive'/ })
  t.throws(set({ exclusive: 'yes' }), { name: 'TypeError', message: /exclusive must be true or false, got "yes"/ })
  t.throws(set({ description: 1 }), { name: 'TypeError', message: /description/ })
  t.throws(set({ kwargs: { type: 'object' } }), { name: 'TypeError', message: /Standard Schema/ })
  t.throws(set('exclusive'), { name: 'TypeError', message: /exclusive: true/ })
  t.throws(set(null), { name: 'TypeError' })
})
