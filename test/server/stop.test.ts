import t from 'tap'
import { once } from 'node:events'
import { pino } from 'pino'
import { DareplaneError } from '../../src/errors.js'
import type { DefaultServer } from '../../src/server/default-server.js'
import { Client, listeningServer } from '../support/server/client.js'
import { FakeJob, fakeJob } from '../support/server/fake-job.js'

/** A job that leaves only when it is told to. */
class SlowJob extends FakeJob {
  override stop(): ReturnType<FakeJob['stop']> {
    this.stops++
    this.stopEvent.set()
    return this.done
  }
}

function slowJob(name?: string): SlowJob & ReturnType<typeof fakeJob> {
  return new SlowJob(name) as unknown as SlowJob & ReturnType<typeof fakeJob>
}

/** What the server answers to JOBS. */
async function ask(who: Client): Promise<unknown> {
  who.received = ''
  who.send('JOBS;')
  return JSON.parse(await who.until(text => text.endsWith('\n')))
}

t.test('whatever stands around STOP that no command is made of, it stops', async t => {
  const { server } = await listeningServer({ quietMs: 5, pcommandMap: { START: () => fakeJob() } })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  const utf16 = 'STOP;'.replaceAll(/./g, '$&\0')
  for (const form of [
    '\xef\xbb\xbfSTOP',
    '\xff\xfe' + utf16,
    '\xfe\xff\0S\0T\0O\0P\0;',
    '\x1bSTOP\x07;',
    '\xa0STOP\xa0;',
  ]) {
    client.send('START;')
    await client.up()
    const [job] = server.threads.values()
    client.send(form)
    t.same(await job?.done, { outcome: 'returned' }, JSON.stringify(form))
    // What is left of the last command must not become part of the next one.
    client.send('\n')
    await client.up()
  }
})

t.test('a connection ends after CLOSE when the jobs are gone, and UP is answered until then', async t => {
  const job = slowJob()
  let calls = 0
  const { server, listening, records } = await listeningServer({
    pcommandMap: { START: () => job, COUNT: () => calls++ },
  })
  const client = await Client.greeted(server)
  let isEnded = false
  client.socket.once('end', () => (isEnded = true))
  client.send('START;CLOSE;COUNT;')
  await client.up()
  await client.up()
  t.equal(job.stops, 1)
  t.equal(isEnded, false)
  t.equal(calls, 0, 'no command is run any more')
  await t.rejects(Client.connect(server.port), 'nor is a client accepted')
  job.finish()
  await client.closed
  await listening
  t.equal(records.filter(({ msg }) => msg.startsWith('jobs stopped')).length, 1, 'said once')
})

t.test("a listener of a handler's signal that throws is told, and everything else is stopped", async t => {
  const job = slowJob()
  const heard: string[] = []
  const { server, records } = await listeningServer({
    pcommandMap: {
      START: (_kwargs, { signal }) => {
        const removed = (): void => void heard.push('removed')
        signal.addEventListener('abort', removed)
        signal.removeEventListener('abort', removed)
        signal.addEventListener('abort', () => {
          throw new Error('by a function')
        })
        signal.addEventListener('abort', (): unknown => Promise.reject(new Error('by a promise')))
        signal.addEventListener('abort', {
          handleEvent: () => {
            throw new Error('by an object')
          },
        })
        signal.onabort = () => {
          throw new Error('by onabort')
        }
        signal.addEventListener('abort', () => void heard.push('last'), { once: true })
        return job
      },
    },
  })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  client.send('START;')
  await client.up()
  client.send('STOP;')
  await client.up()
  t.equal(job.stops, 1)
  job.finish()
  t.same(heard, ['last'])
  const told = records.filter(({ msg }) => msg === 'a listener of the signal of a command failed')
  t.same(told.map(({ err }) => (err as { message: string }).message).sort(), [
    'by a function',
    'by a promise',
    'by an object',
    'by onabort',
  ])
})

t.test('a search that STOP ends is no error', async t => {
  const { server, records } = await listeningServer({
    pcommandMap: {
      ABORTED: (_, { signal }) => once(signal, 'never', { signal }).then(() => undefined),
      CLOSED: async (_, { signal }) => {
        await once(signal, 'abort')
        throw new DareplaneError('ERR_CLOSED', 'the watcher was disconnected')
      },
      CAUSED: async (_, { signal }) => {
        await once(signal, 'abort')
        throw new Error('no stream', { cause: signal.reason })
      },
      BROKEN: async (_, { signal }) => {
        await once(signal, 'abort')
        throw new Error('broken')
      },
    },
  })
  t.teardown(() => server.shutdown())
  const clients = await Promise.all([1, 2, 3, 4].map(() => Client.greeted(server)))
  for (const [i, command] of ['ABORTED;', 'CLOSED;', 'CAUSED;', 'BROKEN;'].entries()) clients[i]?.send(command)
  await Promise.all(clients.map(client => client.up()))
  clients[0]?.send('STOP;')
  while (records.filter(({ msg }) => /ended by STOP|handler failed/.test(msg)).length < 4) await clients[0]?.up()
  t.match(
    records.filter(({ level }) => level >= 50),
    [{ pcomm: 'BROKEN', msg: 'handler failed' }],
  )
})

t.test('what looks like a job and is none harms nothing, at once or by promise', async t => {
  const done = Promise.resolve({ outcome: 'returned' as const })
  const stop = (): never => {
    throw new Error('does not stop')
  }
  const rejected = Promise.reject(new Error('done rejects'))
  rejected.catch(() => undefined)
  const odd: unknown[] = [
    { kind: 'worker', stop: () => undefined, done: undefined },
    { kind: 'worker', name: 'x', stop: () => undefined, done: 'soon' },
    { kind: 'subprocess', name: 'x', done },
    new Proxy({}, { get: stop, has: () => true }),
    { kind: 'worker', name: 'rejects', stop: () => undefined, done: rejected },
    { kind: 'worker', name: 'throws', stop, done: new Promise(() => undefined) },
    { kind: 'subprocess', name: 'undefined', stop: () => undefined, done: new Promise(() => undefined) },
    {
      kind: 'subprocess',
      name: 'rejects',
      stop: () => Promise.reject(new Error('x')),
      done: new Promise(() => undefined),
    },
  ]
  const { server } = await listeningServer({
    pcommandMap: {
      ODD: ({ i }) => odd[i as number] as undefined,
      ODD_LATER: async ({ i }) => odd[i as number] as undefined,
    },
  })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  for (const i of odd.keys()) client.send(`ODD|{"i":${i}};ODD_LATER|{"i":${i}};`)
  const last = new Promise<void>(resolve => server.pcommandMap.set('LAST', () => resolve()))
  client.send('LAST;')
  await last
  client.send('STOP;JOBS;')
  const answer = JSON.parse(await client.until(text => text.endsWith('\n'))) as object
  t.match(answer, {
    stop: { stopped: 3, stuck: ['throws', 'undefined', 'rejects'] },
  })
  await client.up()
})

t.test('JOBS is answered when STOP is over: with what it has ended and how long it took', async t => {
  const jobs = [slowJob('a'), slowJob('b')]
  let next = 0
  const { server } = await listeningServer({
    handlerTimeoutMs: 20,
    pcommandMap: { START: () => jobs[next++], HANG: () => new Promise(() => undefined) },
  })
  t.teardown(() => server.shutdown())
  const [client, other] = [await Client.greeted(server), await Client.greeted(server)]
  t.same(await ask(client), { stop: null, running: [] })
  client.send('START;START;')
  // JOBS does not wait for commands that have not begun.
  while (server.threads.size < 2) await other.up()
  t.match(await ask(client), {
    stop: null,
    running: [
      { pcomm: 'START', job: 'a', kind: 'worker', ageMs: Number },
      { pcomm: 'START', job: 'b', kind: 'worker', ageMs: Number },
    ],
  })
  other.send('STOP;')
  await other.up()
  let isAnswered = false
  const answer = ask(client).finally(() => (isAnswered = true))
  await other.up()
  jobs[0]?.finish()
  await other.up()
  t.equal(isAnswered, false)
  jobs[1]?.finish()
  t.match(await answer, {
    stop: { stopped: 2, forced: [], stuck: [], handlers: 0, ms: Number, agoMs: Number },
    running: [],
  })
  client.send('HANG;')
  await client.up()
  other.send('STOP;')
  t.match(await ask(other), { stop: { stopped: 0, handlers: 1 } }, 'a handler that does not return is told')
  client.received = ''
  client.send('GET_PCOMMS;')
  t.equal(await client.until(text => text.endsWith('CLOSE')), 'START|HANG|STOP|CLOSE', 'it is in no list')
})

t.test('a packet of thousands of STOPs and questions costs no more than its bytes', async t => {
  const { server } = await listeningServer({
    logger: pino({ level: 'silent' }),
    pcommandMap: { START: () => fakeJob() },
  })
  t.teardown(() => server.shutdown())
  const bystander = await Client.greeted(server)
  for (const text of ['STOP;JOBS;', 'STOP;', 'JOBS;STOP;STOP;', 'STOP;GET_PCOMMS;JOBS;']) {
    const client = await Client.greeted(server)
    client.socket.resume()
    const before = process.cpuUsage()
    client.send(text.repeat(Math.floor(65_000 / text.length)))
    await bystander.up()
    await bystander.up()
    await ask(bystander)
    bystander.received = ''
    const { user, system } = process.cpuUsage(before)
    t.ok(user + system < 3e6, `${text}: ${(user + system) / 1e6} s`)
    await client.close()
  }
  // What came between two STOPs of a packet is stopped by the second.
  const client = await Client.greeted(server)
  client.send('STOP;START;STOP;STOP;START;STOP;')
  await ask(client)
  t.equal(server.threads.size, 0)
})

t.test('others are heard while the thousands of commands of one packet are taken', async t => {
  let calls = 0
  let lasts = 0
  const { server } = await listeningServer({
    logger: pino({ level: 'silent' }),
    pcommandMap: {
      START: () => {
        calls++
      },
      LAST: () => {
        lasts++
      },
    },
  })
  t.teardown(() => server.shutdown())
  const bystander = await Client.greeted(server)
  for (const text of ['STOP;START;', 'START;STOP;', 'STOP|{};x;START|{"a": 1};']) {
    const packet = `${text.repeat(Math.floor(20_000 / text.length))}LAST;`
    const client = await Client.greeted(server)
    lasts = 0
    client.send(packet)
    await bystander.up()
    t.equal(lasts, 0, `${text}: heard before its end`)
    while (lasts < 1) await bystander.up()

    lasts = 0
    calls = 0
    client.send(packet)
    while (calls === 0) await new Promise(setImmediate)
    bystander.send('STOP;')
    await client.up()
    t.equal(lasts, 0, `${text}: what had come and not begun is dropped by the STOP of another`)
    await client.close()
  }
})

/**
 * Waits until the server has taken what was sent before for all that comes: another client types UP without an end behind it,
 * which is answered after the same silence.
 */
async function silenceOf(server: DefaultServer): Promise<() => Promise<void>> {
  const bystander = await Client.greeted(server)
  return async () => {
    const { length } = bystander.received
    bystander.send('UP')
    await bystander.until(text => text.length > length)
  }
}

t.test('a name that is typed key by key waits for its end, a built-in does not', async t => {
  const calls: unknown[] = []
  const { server } = await listeningServer({
    quietMs: 5,
    pcommandMap: { START: kwargs => void calls.push({ ...kwargs }) },
  })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  const silence = await silenceOf(server)
  const type = async (text: string): Promise<void> => {
    for (const key of text) {
      client.send(key)
      await silence()
    }
  }
  await type('START|{"a": 12}')
  while (calls.length === 0) await new Promise(setImmediate)
  t.same(calls, [{ a: 12 }])
  await type('\nSTART')
  t.equal(calls.length, 1)
  await type('\r\n')
  while (calls.length === 1) await new Promise(setImmediate)
  t.same(calls, [{ a: 12 }, {}])
  await type('UP')
  t.equal(await client.until(text => text !== ''), '1')
})

t.test('a bar waits for what is behind it, or for the end of the client', async t => {
  const calls: unknown[] = []
  const { server } = await listeningServer({
    quietMs: 5,
    pcommandMap: { START: kwargs => void calls.push({ ...kwargs }) },
  })
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  const silence = await silenceOf(server)
  client.send('START|')
  await silence()
  await silence()
  t.same(calls, [])
  client.send('{"a": 12}')
  while (calls.length === 0) await new Promise(setImmediate)
  client.socket.end('START|')
  await client.closed
  t.same(calls, [{ a: 12 }, {}])
})
