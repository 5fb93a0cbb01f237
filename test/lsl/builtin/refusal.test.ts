import '../../support/loopback.js'
import t from 'tap'
import type { Test } from 'tap'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { builtinEngine } from '../../../src/lsl/builtin/builtin-engine.js'
import type { EngineInlet } from '../../../src/lsl/engine.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'

const engine = builtinEngine()

/** An inlet on a peer that answers every subscription with `answer`. */
async function inletOnPeer(t: Test, answer: string | Buffer, goodbye = false): Promise<EngineInlet> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => (goodbye ? socket.end(answer) : socket.write(answer)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const ports = { v4address: '127.0.0.1', v4dataPort: port, v4servicePort: port }
  const info = new StreamInfo({
    name: 'peer',
    channelCount: 1,
    channelFormat: 'int8',
    sourceId: 's',
    uid: 'u',
    ...ports,
  })
  const inlet = await engine.createInlet(info, { queueFrames: 10, recover: true, processing: {} })
  t.teardown(async () => {
    await inlet.close()
    sockets.forEach(socket => socket.destroy())
    server.close()
  })
  return inlet
}

const OK =
  'LSL/110 200 OK\r\nUID: u\r\nByte-Order: 1234\r\nSuppress-Subnormals: 0\r\nData-Protocol-Version: 110\r\n\r\n'
const STAMP = 'c976be9f0c24fe40'

for (const [what, answer, reason] of [
  ['speaks protocol 1.00', Buffer.from('7f0109', 'hex'), /does not answer in the protocol of LSL/],
  ['goes back to data of 1.00', OK.replace('Version: 110', 'Version: 100'), /data of protocol 100/],
  ['speaks protocol 2', 'LSL/200 200 OK\r\n\r\n', /speaks protocol 200/],
  ['demands encryption', 'LSL/110 403 Security required\r\n\r\n', /403 Security required/],
  ['does not know this version', 'LSL/110 505 Version not supported', /505/],
  ['is no LSL at all', 'HTTP/1.1 400 Bad Request\r\n\r\n', /it answers 'HTTP/],
  ['never ends its head', `LSL/110 200 OK\r\n${'x: y\r\n'.repeat(4000)}`, /does not answer in the protocol of LSL/],
  [
    'reads numbers otherwise',
    Buffer.concat([Buffer.from(OK), Buffer.from(`02${STAMP}0602${STAMP}03`, 'hex')]),
    /test pattern is not what the protocol prescribes/,
  ],
] as const)
  t.test(`a peer that ${what} is refused clearly and at once, not retried`, async t => {
    const inlet = await inletOnPeer(t, answer)
    const start = performance.now()
    await t.rejects(inlet.open(10), { code: 'ERR_PROTOCOL_UNSUPPORTED', message: reason })
    t.ok(performance.now() - start < 5000)
  })

t.test('a peer that says nothing is a time-out', async t => {
  const inlet = await inletOnPeer(t, '')
  await t.rejects(inlet.open(0.1), { code: 'ERR_TIMEOUT' })
})

t.test('a peer that serves another stream now is looked for elsewhere, and that is said at the time limit', async t => {
  const inlet = await inletOnPeer(t, 'LSL/110 404 Not found', true)
  await t.rejects(inlet.open(0.3), { code: 'ERR_STREAM_LOST', message: /404 Not found/ })
})
