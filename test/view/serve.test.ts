import { uniqueName } from '../support/loopback.js'
import { readFileSync, readdirSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import type { Test } from 'tap'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import { StreamOutlet } from '../../src/lsl/stream-outlet.js'
import { StreamWatcher } from '../../src/stream-watcher.js'
import { startView } from '../../src/view/index.js'
import type { View, ViewOptions } from '../../src/view/index.js'
import { projectFolder } from '../support/project.js'
import { listeningServer } from '../support/server/client.js'
import { fakeJob } from '../support/server/fake-job.js'
import { seededRandom } from '../support/random.js'
import { ViewClient } from '../support/view/client.js'

const RATE = 500

/** A stream of two channels, i and -i, its watcher, and a view of it. */
async function stage(t: Test, options: Partial<ViewOptions> = {}) {
  const name = uniqueName('view')
  const outlet = new StreamOutlet(
    new StreamInfo({ name, type: 'EEG', channelCount: 2, nominalSrate: RATE, sourceId: name }),
  )
  t.teardown(() => outlet.close())
  const watcher = new StreamWatcher({ name, bufferSizeS: 4 })
  t.teardown(() => watcher.disconnect())
  await watcher.connectToStream({ timeoutS: 30 })
  await outlet.waitForConsumers(30)
  const view = await startView({ port: 0, watchers: [watcher], ...options })
  t.teardown(() => view.close())
  let sent = 0
  const start = watcher.lastT || 1000
  const push = (frames: number): void => {
    const data = Float32Array.from({ length: 2 * frames }, (_, k) => (k % 2 === 0 ? 1 : -1) * (sent + (k >> 1)))
    const times = Float64Array.from({ length: frames }, (_, i) => start + (sent + i) / RATE)
    sent += frames
    outlet.pushChunk(data, times)
  }
  return { name, view, watcher, push }
}

async function post(
  view: View,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asking = request({ port: view.port, host: '127.0.0.1', path, method: 'POST', headers }, response => {
      let body = ''
      response.on('data', (text: Buffer) => (body += text.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    asking.on('error', reject)
    asking.end()
  })
}

t.test('a program gets every sample, in order, with its index', async t => {
  const { view, push } = await stage(t)
  const client = await ViewClient.connect(view.port)
  const { stream } = await client.heard('stream')
  t.match(stream, { channels: 2, nominalSrate: RATE, format: 'float32' })
  client.say({ type: 'subscribe', kind: 'samples', id: 1, stream: stream.key, from: 0, credits: 500 })
  await client.heard('subscribed')
  for (let i = 0; i < 20; i++) push(50)
  const total = (): number => client.frames.reduce((sum, { count }) => sum + count, 0)
  await client.until(() => total() >= 1000)
  const values = client.frames.flatMap(frame => (frame.kind === 2 ? [...(frame.samples as Float32Array)] : []))
  t.same(
    values,
    Array.from({ length: 2000 }, (_, k) => (k % 2 === 0 ? 1 : -1) * (k >> 1)),
  )
  t.ok(client.frames.every(({ missed }) => missed === 0))
  await client.close()
})

t.test('without credit nothing comes; what was overwritten meanwhile is told', async t => {
  const { view, push, watcher } = await stage(t)
  const client = await ViewClient.connect(view.port)
  const { stream } = await client.heard('stream')
  client.say({ type: 'subscribe', kind: 'samples', id: 1, stream: stream.key, from: 0, credits: 0 })
  await client.heard('subscribed')
  // Several times what the ring holds.
  for (let i = 0; i < 24; i++) {
    push(RATE)
    while (watcher.stats.frames < (i + 1) * RATE) await new Promise(setImmediate)
  }
  await client.status()
  t.equal(client.frames.length, 0)
  client.say({ type: 'credit', id: 1, credits: 1000 })
  const all = (): number => client.frames.reduce((sum, { count, missed }) => sum + count + missed, 0)
  await client.until(() => all() >= 24 * RATE)
  t.equal(all(), 24 * RATE, 'sent and missed are all that there was')
  t.ok((client.frames[0]?.missed ?? 0) > 0)
  await client.close()
})

t.test('two viewers of one envelope get the same columns', async t => {
  const { view, push } = await stage(t)
  const clients = await Promise.all([1, 2].map(() => ViewClient.connect(view.port)))
  for (const client of clients) {
    const { stream } = await client.heard('stream')
    client.say({
      type: 'subscribe',
      kind: 'envelope',
      id: 9,
      stream: stream.key,
      spanS: 1,
      columns: 100,
      credits: 1000,
    })
    t.equal((await client.heard('subscribed')).columnS, 5 / RATE)
  }
  push(RATE)
  const pairs = await Promise.all(
    clients.map(async client => {
      await client.until(frames => frames.reduce((sum, { count }) => sum + count, 0) >= 100)
      return client.frames.flatMap(frame => (frame.kind === 1 ? [...frame.pairs] : []))
    }),
  )
  t.same(pairs[0], pairs[1])
  t.same(pairs[0]?.slice(0, 4), [0, 4, -4, 0])
  await Promise.all(clients.map(client => client.close()))
})

t.test('a command goes out once, when the page is armed and the button was held; else never', async t => {
  const calls: object[] = []
  const { server, records } = await listeningServer({
    pcommandMap: { START: kwargs => void calls.push({ ...kwargs }) },
  })
  t.teardown(() => server.shutdown())
  const { view } = await stage(t, { modules: [{ port: server.port }] })
  const client = await ViewClient.connect(view.port)
  await client.status(({ modules }) => modules[0]?.state === 'up' && modules[0].commands.length > 0)
  const command = { type: 'command', id: 'a', module: 'm1', command: 'START', kwargs: { n: 1 } } as const
  client.say(command)
  t.match(await client.heard('sent', ({ id }) => id === 'a'), { ok: false, text: /not armed/ })

  client.say({ type: 'arm' })
  await client.heard('armed')
  client.say({ type: 'hold', id: 'b', module: 'm1', command: 'START' })
  client.say({ ...command, id: 'b' })
  t.match(await client.heard('sent', ({ id }) => id === 'b'), { ok: false, text: /not held/ })

  await client.hold('c', 'm1', 'START')
  client.say({ ...command, id: 'c' })
  t.match(await client.heard('sent', ({ id }) => id === 'c'), { ok: true })
  client.say({ ...command, id: 'c' })
  t.match(await client.heard('sent', ({ id, ok }) => id === 'c' && !ok), { text: /not armed/ })
  await client.status(({ sent }) => sent.length > 0)
  t.same(calls, [{ n: 1 }])
  t.equal(records.filter(({ msg }) => msg === 'command is run').length, 1)
  await client.close()
})

t.test('a STOP that comes by WebSocket and by HTTP is one, and tells the end of the jobs', async t => {
  const job = fakeJob()
  const { server } = await listeningServer({ pcommandMap: { START: () => job } })
  t.teardown(() => server.shutdown())
  const { view } = await stage(t, { server })
  const client = await ViewClient.connect(view.port)
  await client.status(({ modules }) => modules[0]?.jobs !== undefined)
  const { ModuleClient } = await import('../../src/modules/module-client.js')
  const room = new ModuleClient({ port: server.port })
  t.teardown(() => room.close())
  await room.connect()
  room.send('START')
  await client.status(({ modules }) => modules[0]?.jobs?.[0]?.command === 'START')
  client.say({ type: 'stop', id: 'x' })
  const http = await post(view, '/stop?id=x')
  const { result } = await client.heard('stopped')
  t.match(result, { id: 'x', all: true, modules: [{ name: 'n', outcome: 'reported', jobs: 1, ended: 1 }] })
  t.same(JSON.parse(http.body), result)
  t.equal(job.stops, 1)
  await client.close()
})

t.test('a page of another origin can neither look nor stop, nor one that calls this host by another name', async t => {
  const { view } = await stage(t)
  const foreign = { origin: 'http://evil.example' }
  await t.rejects(ViewClient.connect(view.port, foreign), /403/)
  await t.rejects(ViewClient.connect(view.port, { host: `evil.example:${view.port}` }), /403/)
  await t.rejects(ViewClient.connect(view.port, { origin: 'null' }), /403/)
  t.match(await post(view, '/stop', foreign), { status: 403 })
  t.match(await post(view, '/stop', { host: 'evil.example' }), { status: 421 })
  const own = await ViewClient.connect(view.port, { origin: `http://127.0.0.1:${view.port}` })
  await own.heard('welcome')
  await own.close()
})

t.test('another address needs a token, and who has it is let in', async t => {
  await t.rejects(startView({ host: '0.0.0.0' }), /token must be given/)
  const view = await startView({ port: 0, watchers: [], token: 'long-enough' })
  t.teardown(() => view.close())
  await t.rejects(ViewClient.connect(view.port), /403/)
  await t.rejects(ViewClient.connect(view.port, {}, '?token=long-enougH'), /403/)
  await (await ViewClient.connect(view.port, {}, '?token=long-enough')).close()
  t.match(await post(view, '/stop'), { status: 403 })
  t.match(await post(view, '/stop?token=long-enough'), { status: 200 })
})

t.test('whatever stands in a request, the view goes on', async t => {
  const view = await startView({ port: 0, watchers: [], token: 'long-enough', serve: projectFolder })
  t.teardown(() => view.close())
  const status = (path: string, headers: string): Promise<string> =>
    new Promise(resolve => {
      let got = ''
      const socket = connect(view.port, '127.0.0.1', () =>
        socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`),
      )
      socket.on('data', (data: Buffer) => (got += data.toString()))
      socket.once('error', () => resolve('reset'))
      socket.once('close', () => resolve(/^HTTP\/1.1 (\d+)/.exec(got)?.[1] ?? 'nothing'))
    })
  const upgrade =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
  for (const path of [
    '//',
    'http://[',
    '/%',
    '/%00',
    '/%E0%A4%A',
    '/serve/%00',
    '/serve//',
    '/stop?module=%00&id=%',
    '*',
  ]) {
    t.equal(await status(path, upgrade), '403', `upgrade of ${path}`)
    t.match(await status(path, 'Connection: close'), /200|40\d|nothing|reset/, path)
  }
  for (const path of ['/../../package.json', '/..%2f..%2fpackage.json', '/serve/..%2f..%2f..%2f..%2fetc%2fpasswd'])
    t.equal(await status(path, 'Connection: close'), '404', path)
  await (await ViewClient.connect(view.port, {}, '?token=long-enough')).close()
})

t.test('a message that is huge or deep ends at most the connection of its client', async t => {
  const { server, records } = await listeningServer({ pcommandMap: { START: () => 1 } })
  t.teardown(() => server.shutdown())
  const { view } = await stage(t, { server })
  const good = await ViewClient.connect(view.port)
  await good.status(({ modules }) => modules[0]?.commands.length === 1)
  const deep = '['.repeat(400_000) + ']'.repeat(400_000)
  const client = await ViewClient.connect(view.port)
  client.socket.send(deep)
  await client.heard('refused')
  await client.hold('d', 'm1', 'START')
  client.socket.send(`{"type":"command","id":"d","module":"m1","command":"START","kwargs":{"x":${deep}}}`)
  t.match(await client.heard('sent'), { ok: false })
  t.notOk(records.some(({ msg }) => msg === 'command is run'))
  client.socket.send('x'.repeat(2 << 20))
  await client.closed
  await good.status()
  await good.close()
})

t.test('two pages that send the same command at the same time start one job', async t => {
  const { server, records } = await listeningServer({ pcommandMap: { START: () => fakeJob() } })
  t.teardown(() => server.shutdown())
  const { view } = await stage(t, { server })
  const clients = await Promise.all([1, 2].map(() => ViewClient.connect(view.port)))
  for (const client of clients) await client.status(({ modules }) => modules[0]?.commands.length === 1)
  await Promise.all(clients.map((client, i) => client.hold(`page-${i}`, 'm1', 'START')))
  for (const [i, client] of clients.entries())
    client.say({ type: 'command', id: `page-${i}`, module: 'm1', command: 'START' })
  const answers = await Promise.all(clients.map(client => client.heard('sent')))
  t.equal(answers.filter(({ ok }) => ok).length, 1)
  t.match(answers.find(({ ok }) => !ok)?.text, /was sent a moment ago|runs/)
  await clients[0]?.status(({ modules }) => modules[0]?.jobs?.length === 1)
  t.equal(records.filter(({ msg }) => msg === 'command is run').length, 1)
  await Promise.all(clients.map(client => client.close()))
})

t.test('garbage from a client is refused and harms nobody; who floods is hung up on', async t => {
  const random = seededRandom(t)
  const { view } = await stage(t)
  const good = await ViewClient.connect(view.port)
  const words = ['subscribe', 'credit', 'command', 'stop', 'hold', 'push', 'outlet', 'probe', '__proto__', 'arm']
  const value = (): unknown =>
    [null, -1, 0, 1e300, NaN, 'x'.repeat(300), '', 's1', 'm1', [], {}, [[1]], true, 3][Math.floor(14 * random())]
  for (let round = 0; round < 5; round++) {
    const client = await ViewClient.connect(view.port)
    for (let i = 0; i < 4000 && client.socket.readyState === 1; i++) {
      const fields = ['id', 'stream', 'kind', 'credits', 'items', 'module', 'spanS', 'columns', 'channel', 'sourceId']
      const message = Object.fromEntries(fields.filter(() => random() < 0.6).map(field => [field, value()]))
      const text = JSON.stringify({ type: words[Math.floor(words.length * random())], ...message })
      const cut = random() < 0.3 ? text.slice(0, Math.floor(text.length * random())) : text
      client.socket.send(random() < 0.1 ? Buffer.from(cut) : cut)
    }
    await client.closed
  }
  t.ok(await good.status(), 'the view goes on')
  await good.close()
})

t.test('fifty clients that come and go leave nothing behind', async t => {
  const { view, push } = await stage(t)
  for (let round = 0; round < 5; round++) {
    const clients = await Promise.all(Array.from({ length: 10 }, () => ViewClient.connect(view.port)))
    for (const client of clients) {
      const { stream } = await client.heard('stream')
      client.say({ type: 'subscribe', kind: 'samples', id: 1, stream: stream.key, credits: 10 })
      client.say({
        type: 'subscribe',
        kind: 'envelope',
        id: 2,
        stream: stream.key,
        spanS: 1,
        columns: 50 + round,
        credits: 9,
      })
    }
    push(100)
    await Promise.all(clients.map(client => client.close()))
  }
  while (view.clients > 0) await new Promise(setImmediate)
  t.equal(view.clients, 0)
  await view.close()
  await view.close()
})

t.test('the page and the bridge are small', async t => {
  const assets = join(projectFolder, 'dist', 'view', 'assets')
  const bytes = readdirSync(assets).reduce((sum, file) => sum + gzipSync(readFileSync(join(assets, file))).length, 0)
  t.ok(bytes < 150_000, `${bytes} bytes gzipped`)
})
