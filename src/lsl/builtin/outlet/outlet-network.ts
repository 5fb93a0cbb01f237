import type { Socket as UdpSocket } from 'node:dgram'
import type { Server, Socket } from 'node:net'
import { bytesPerValue } from '../../../channel-format.js'
import { until } from '../../../system/until.js'
import { infoElement } from '../../stream-fields.js'
import { StreamInfo } from '../../stream-info.js'
import type { LslConfig } from '../config/lsl-config.js'
import { QueryCache } from '../discovery/query-cache.js'
import { bindInRange, familiesOf, listenInRange } from '../net/bind-in-range.js'
import type { Family } from '../net/bind-in-range.js'
import { servingAddress } from '../net/own-address.js'
import type { SendBuffer } from './send-buffer.js'
import { responderOf } from './responder.js'
import { serveTcp } from './tcp-server.js'
import { serveUdp } from './udp-server.js'
import type { Announced } from './udp-server.js'

/** Inlets get that long to take what waits for them ... */
const FLUSH_MS = 1000
/** ... and to hang up, then the sockets go. */
const GOODBYE_MS = 30

interface Listening {
  readonly family: Family
  readonly server: Server
  readonly service: UdpSocket
}

/** The sockets of one outlet. Opens by itself; queries are answered once all ports are bound. */
export class OutletNetwork implements Announced {
  shortInfo: string | undefined
  readonly #info: StreamInfo
  readonly #feeds: SendBuffer
  readonly #config: LslConfig
  readonly #connections = new Set<Socket>()
  readonly #ready: Promise<Listening[]>
  #queries: QueryCache | undefined

  constructor(info: StreamInfo, feeds: SendBuffer, config: LslConfig) {
    this.#info = info
    this.#feeds = feeds
    this.#config = config
    this.#ready = this.#open().catch((error: unknown) => {
      process.emitWarning(`outlet ${info.toString()} is not on the network: ${String(error)}`, 'LslWarning')
      return []
    })
  }

  matches(query: string): boolean {
    return this.#queries?.matches(query) === true
  }

  async close(): Promise<void> {
    this.shortInfo = undefined
    const listening = await this.#ready
    this.shortInfo = undefined
    responderOf(this.#config).remove(this)
    for (const { server, service } of listening) {
      server.close()
      service.close()
    }
    this.#feeds.end()
    const isFlushed = (): boolean => [...this.#connections].every(socket => socket.writableLength === 0)
    await until(isFlushed, { everyMs: 2, timeoutMs: FLUSH_MS })
    await allClosed(this.#connections, GOODBYE_MS)
    for (const socket of this.#connections) socket.destroy()
  }

  async #open(): Promise<Listening[]> {
    const families = familiesOf(this.#config).flatMap(family => {
      const address = servingAddress(family, this.#config)
      return address === undefined ? [] : [{ family, address }]
    })
    const tried = await Promise.allSettled(families.map(({ family, address }) => listen(family, this.#config, address)))
    const listening = tried.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    if (listening.length === 0) {
      const reasons = tried.map(result => (result.status === 'rejected' ? String(result.reason) : ''))
      process.emitWarning(`outlet ${this.#info.toString()} found no free port: ${reasons.join(', ')}`, 'LslWarning')
    }
    const fields = { ...this.#info.fields, ...portsOf(listening) }
    const fullInfo = new StreamInfo(fields).asXml()
    const shortInfo = new StreamInfo({ ...fields, desc: [] }).asXml()
    this.#queries = new QueryCache(infoElement(fields), this.#config.maxCachedQueries)
    const { channelFormat, uid } = this.#info
    const served = {
      uid,
      shortInfo,
      fullInfo,
      valueBytes: channelFormat === 'string' ? 0 : bytesPerValue(channelFormat),
      hasSubnormals: channelFormat === 'float32' || channelFormat === 'double64',
      matches: this.matches.bind(this),
      feeds: () => this.#feeds.size,
      subscribe: this.#feeds.add.bind(this.#feeds),
    }
    for (const { server, service } of listening) {
      serveTcp(server, served, this.#connections)
      serveUdp(service, this)
    }
    this.shortInfo = shortInfo
    await responderOf(this.#config).add(this)
    return listening
  }
}

async function listen(family: Family, config: LslConfig, address: string): Promise<Listening> {
  const server = await listenInRange(family, config, address)
  try {
    return { family, server, service: await bindInRange(family, config, address) }
  } catch (error) {
    server.close()
    throw error
  }
}

/** Every port field has a value: liblsl refuses a description without one. */
function portsOf(listening: readonly Listening[]): Record<`v${Family}${'data' | 'service'}Port`, number> {
  const ports = { v4dataPort: 0, v4servicePort: 0, v6dataPort: 0, v6servicePort: 0 }
  for (const { family, server, service } of listening) {
    const address = server.address()
    ports[`v${family}dataPort`] = typeof address === 'object' && address !== null ? address.port : 0
    ports[`v${family}servicePort`] = service.address().port
  }
  return ports
}

/** Resolves when every socket has closed, or after `limitMs`. */
function allClosed(sockets: ReadonlySet<Socket>, limitMs: number): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, limitMs)
    let left = sockets.size
    const closed = (): void => {
      if (left-- > 0) return
      clearTimeout(timer)
      resolve()
    }
    closed()
    for (const socket of sockets) socket.once('close', closed)
  })
}
