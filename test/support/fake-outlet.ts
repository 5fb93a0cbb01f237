import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Test } from 'tap'
import { loadConfig } from '../../src/lsl/builtin/config/load-config.js'
import { StreamInfo } from '../../src/lsl/stream-info.js'
import type { StreamFields } from '../../src/lsl/stream-fields.js'

/** What a peer of {@link fakeOutlet} does with a connection to its data port. */
export type Serve = (socket: Socket) => void

export interface FakeOutlet {
  /** How often somebody has connected to its data port. */
  readonly connections: () => number
  close(): Promise<void>
}

export interface FakeOutletOptions {
  readonly fields: Partial<StreamFields> & { readonly name: string }
  readonly serve: Serve
  /** Its announcement, as it goes over the network. */
  readonly announce?: (xml: string) => string | Buffer
  /** Which queries it answers; default those that name it. */
  readonly answers?: (query: string) => boolean
}

/** A peer that answers searches as an outlet does, and serves whatever it likes. Closed at the end of the test. */
export async function fakeOutlet(t: Test, options: FakeOutletOptions): Promise<FakeOutlet> {
  const { fields, serve, announce = (xml: string) => xml } = options
  const answers = options.answers ?? ((query: string) => query.includes(fields.name))
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer(socket => {
    connections++
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    serve(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const ports = { v4dataPort: port, v4servicePort: port }
  const info = new StreamInfo({
    channelCount: 1,
    uid: `fake-${fields.name}-${port}`,
    createdAt: 1,
    ...ports,
    ...fields,
  })
  const xml = announce(new StreamInfo({ ...info.fields, desc: [] }).asXml())
  const udp = await bindService()
  udp.on('message', (message, from) => {
    const [method = '', query = '', back = ''] = message.toString('utf8').split('\r\n')
    const [replyPort = '', id = ''] = back.split(' ')
    if (method !== 'LSL:shortinfo' || !answers(query)) return
    udp.send(Buffer.concat([Buffer.from(`${id}\r\n`), Buffer.from(xml)]), Number(replyPort), from.address)
  })
  let closing: Promise<void> | undefined
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      udp.close()
      sockets.forEach(socket => socket.destroy())
      server.close()
      await once(server, 'close')
    })())
  t.teardown(close)
  return { connections: () => connections, close }
}

/** A socket at a port of the range that searches ask. */
async function bindService(): Promise<ReturnType<typeof createSocket>> {
  const { basePort, portRange } = loadConfig().config
  for (let port = basePort + portRange - 1; port >= basePort; port--) {
    const udp = createSocket('udp4')
    const bound = new Promise<boolean>(resolve => {
      udp.once('error', () => resolve(false))
      udp.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true))
    })
    if (await bound) return udp
    udp.close()
  }
  throw new Error('no port of the range is free')
}
