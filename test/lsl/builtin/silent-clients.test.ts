import { uniqueName } from '../../support/loopback.js'
import t from 'tap'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { serveTcp } from '../../../src/lsl/builtin/outlet/tcp-server.js'
import type { Served } from '../../../src/lsl/builtin/outlet/tcp-server.js'
import { resolveByProp } from '../../../src/lsl/resolve.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import { StreamInlet } from '../../../src/lsl/stream-inlet.js'
import { StreamOutlet } from '../../../src/lsl/stream-outlet.js'
import { until } from '../../../src/system/until.js'

t.test('clients that say nothing lock no inlet out', async t => {
  await using outlet = new StreamOutlet(new StreamInfo({ name: uniqueName('silent'), channelCount: 1 }), {
    engine: 'builtin',
  })
  const [found] = await resolveByProp('uid', outlet.info.uid, { timeoutS: 10, engine: 'builtin' })
  const clients: Socket[] = []
  t.teardown(() => clients.forEach(client => client.destroy()))
  for (let batch = 0; batch < 11; batch++) {
    const some = Array.from({ length: 100 }, () => connect(found!.fields.v4dataPort, '127.0.0.1'))
    some.forEach(client => client.on('error', () => undefined))
    clients.push(...some)
    await Promise.all(some.map(client => once(client, 'connect')))
  }
  await using inlet = new StreamInlet(found!, { engine: 'builtin' })
  await inlet.open(10)
  outlet.pushSample([1], 5)
  t.equal((await inlet.pullSample(10))?.timestamp, 5)
})

for (const [what, request] of [
  ['says nothing', ''],
  ['asks for samples and no buffer', 'LSL:streamfeed/110 u\r\n\r\n'],
  ['drips', 'drip'],
] as const)
  t.test(`a client that ${what} is closed after a time`, async t => {
    const sockets = new Set<Socket>()
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.close())
    const served = { uid: 'u', valueBytes: 4, hasSubnormals: true, feeds: () => 0, subscribe: () => false }
    serveTcp(server, served as unknown as Served, sockets, 200)
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
    client.on('error', () => undefined)
    const drips = setInterval(() => request === 'drip' && client.write('L'), 20)
    if (request !== 'drip') client.write(request)
    client.resume()
    await new Promise(resolve => client.on('close', resolve))
    clearInterval(drips)
    t.ok(await until(() => sockets.size === 0, { everyMs: 5, timeoutMs: 10_000 }))
  })
