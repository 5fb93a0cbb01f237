import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import t from 'tap'
import { platform } from '../../src/system/platform.js'
import { unreadBytes } from '../../src/system/unread-bytes.js'
import { until } from '../../src/system/until.js'

t.test('what the other end has not read is seen, on Linux', { skip: platform() !== 'linux' }, async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  // It reads only when it is told to.
  const client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  client.pause()
  const [socket] = (await accepted) as [Socket]
  t.teardown(() => {
    client.destroy()
    server.close()
  })
  t.equal(unreadBytes(socket), 0)
  socket.write('twelve bytes')
  const limits = { everyMs: 1, timeoutMs: 20_000 }
  t.ok(await until(() => unreadBytes(socket) === 12, limits))
  client.resume()
  t.ok(await until(() => unreadBytes(socket) === 0, limits))
  client.destroy()
  socket.destroy()
  await once(socket, 'close')
  t.equal(unreadBytes(socket), undefined)
})
