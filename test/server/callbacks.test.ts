import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { DefaultCallbackServer, type DefaultCallbackServerOptions } from '../../src/server/default-callback-server.js'
import { platform } from '../../src/system/platform.js'
import { fixture } from '../support/project.js'
import { Client, recordingLogger, type LogRecord } from '../support/server/client.js'

async function callbackServer(
  t: Test,
  options: DefaultCallbackServerOptions = {},
): Promise<{ server: DefaultCallbackServer; records: LogRecord[] }> {
  const { logger, records } = recordingLogger()
  const server = new DefaultCallbackServer({ port: 0, name: 'n', logger, callbackSpacingMs: 0, ...options })
  await server.initServer()
  void server.startListening()
  t.teardown(() => server.shutdown())
  return { server, records }
}

/** How long a client waits for a callback, and the rest of what it got. */
async function firstCallback(client: Client): Promise<number> {
  const started = performance.now()
  await client.until(text => text.includes('other|'))
  return performance.now() - started
}

t.test('a client that has asked for the commands is called back 200 ms later, not within', async t => {
  const { server } = await callbackServer(t)
  const client = await Client.greeted(server)
  server.sendCallback('other', 'START', { i: 0 })
  const asked = performance.now()
  client.send('GET_PCOMMS;')
  await firstCallback(client)
  const waited = performance.now() - asked
  t.ok(waited > 150, `${waited} ms`)
  t.equal(client.received, 'STOP|CLOSEother|START|{"i":0}')
})

for (const command of ['UP;', 'STOP;', 'START;', 'NOPE|{"a":1};']) {
  t.test(`a client that has sent ${command} is called back`, async t => {
    const { server } = await callbackServer(t, { greetingMs: 1e9, pcommandMap: { START: () => 0 } })
    const client = await Client.greeted(server)
    server.sendCallback('other', 'START', { i: 0 })
    client.send(command)
    await firstCallback(client)
    t.match(client.received, /^1?other\|START\|\{"i":0\}$/)
  })
}

t.test('a client that sends nothing gets its greeting, and nothing else for greetingMs', async t => {
  const { server } = await callbackServer(t, { greetingMs: 400 })
  const client = await Client.greeted(server)
  const calls = setInterval(() => server.sendCallback('other', 'START'), 100)
  t.teardown(() => clearInterval(calls))
  const waited = await firstCallback(client)
  t.ok(waited > 300, `${waited} ms`)
})

t.test('who may not command is not called back', async t => {
  const { server } = await callbackServer(t, { token: 'secret', greetingMs: 0 })
  const stranger = await Client.greeted(server)
  const client = await Client.greeted(server)
  client.send('AUTH|secret;')
  server.sendCallback('other', 'START')
  await firstCallback(client)
  t.equal(stranger.received, '')
})

t.test('callbacks wait for a client that is killed and comes back: each arrives once, in order', async t => {
  const { server } = await callbackServer(t, { callbackSpacingMs: 1 })
  const seen: string[] = []
  let sent = 0
  for (let round = 0; round < 20; round++) {
    server.sendCallback('other', 'START', { i: sent++ })
    const client = await Client.greeted(server)
    client.send('UP;')
    server.sendCallback('other', 'START', { i: sent++ })
    const last = `{"i":${sent - 1}}`
    await client.until(text => text.endsWith(last))
    seen.push(...client.received.slice(1).split('other|START|').slice(1))
    client.socket.resetAndDestroy()
    await client.closed
  }
  t.same(
    seen,
    Array.from({ length: sent }, (_, i) => `{"i":${i}}`),
  )
})

t.test('a client that does not read is not sent to without end, and gets all when it reads again', async t => {
  const { server } = await callbackServer(t, { maxQueuedCallbacks: 1e6 })
  const client = await Client.connect(server.port)
  client.socket.pause()
  client.send('UP;')
  // More than the kernel takes.
  const text = 'x'.repeat(1_000_000)
  for (let i = 0; i < 20; i++) server.sendCallback('other', 'START', { text })
  await (await Client.greeted(server)).up()
  client.socket.resume()
  const all = 'Connected to n\n1'.length + 20 * `other|START|{"text":"${text}"}`.length
  await client.until(received => received.length === all)
  t.equal(server.droppedCallbacks, 0)
})

t.test('callbacks that no client comes for are dropped, counted, and do not flood the log', async t => {
  const { server, records } = await callbackServer(t, { maxQueuedCallbacks: 10 })
  for (let i = 0; i < 1000; i++) server.sendCallback('other', 'START', { i })
  t.equal(server.droppedCallbacks, 990)
  t.ok(records.filter(({ msg }) => msg.startsWith('callback dropped')).length <= 40)
  const client = await Client.greeted(server)
  client.send('UP;')
  await client.until(received => received.endsWith('{"i":999}'))
  t.equal(client.received.split('other|').length - 1, 10)
})

t.test(
  'a client that asks UP now and then gets nothing but the answer for 150 ms, one that asks always is called back',
  async t => {
    const { server } = await callbackServer(t)
    const client = await Client.greeted(server)
    client.send('UP;')
    server.sendCallback('other', 'START', { i: 0 })
    const waited = await firstCallback(client)
    t.ok(waited > 100, `${waited} ms`)
    t.equal(client.received, '1other|START|{"i":0}')
    // The control room reads 16 bytes for the answer, and a callback in them is cut. Its next UP comes 3 s later.
    let i = 1
    const asks = setInterval(() => client.send('UP;'), 20)
    t.teardown(() => clearInterval(asks))
    for (; i <= 10; i++) {
      server.sendCallback('other', 'START', { i })
      await client.until(text => text.includes(`{"i":${i}}`))
    }
    t.equal(server.droppedCallbacks, 0)
  },
)

t.test('callbacks leave 30 ms apart unless told otherwise', async t => {
  const { logger } = recordingLogger()
  const server = new DefaultCallbackServer({ port: 0, name: 'n', logger })
  await server.initServer()
  void server.startListening()
  t.teardown(() => server.shutdown())
  const client = await Client.greeted(server)
  client.send('NOPE;')
  for (let i = 0; i < 4; i++) server.sendCallback('other', 'START', { i })
  const started = performance.now()
  await client.until(text => text.includes('{"i":3}'))
  const took = performance.now() - started
  t.ok(took > 80, `${took} ms`)
})

t.test(
  'a client on this machine that is held up finds one callback when it reads again, not two',
  { skip: platform() !== 'linux' },
  async t => {
    const { server } = await callbackServer(t, { callbackSpacingMs: 5 })
    const client = fork(fixture('server/client.process.js'), [String(server.port)])
    t.teardown(() => client.kill('SIGKILL'))
    const pieces: string[] = []
    client.on('message', ({ text }: { readonly text: string }) => pieces.push(text))
    server.sendCallback('other', 'START', { i: 0 })
    while (!pieces.at(-1)?.endsWith('{"i":0}')) await once(client, 'message')
    client.kill('SIGSTOP')
    for (let i = 1; i <= 3; i++) server.sendCallback('other', 'START', { i })
    // Another client is served thirty times meanwhile, which takes far longer than the spacing of all three.
    const bystander = await Client.greeted(server)
    for (let i = 0; i < 30; i++) {
      await bystander.up()
      await delay(5)
    }
    client.kill('SIGCONT')
    while (!pieces.at(-1)?.endsWith('{"i":3}')) await once(client, 'message')
    t.same(
      pieces.slice(-3),
      [1, 2, 3].map(i => `other|START|{"i":${i}}`),
    )
  },
)
