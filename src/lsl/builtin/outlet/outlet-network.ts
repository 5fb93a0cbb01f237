import type { Socket as UdpSocket } from 'node:dgram'
import type { Server, Socket } from 'node:net'
import { bytesPerValue } from '../../../channel-format.js'
import { StreamInfo } from '../../stream-info.js'
import type { LslConfig } from '../config/lsl-config.js'
import { QueryCache } from '../discovery/query-cache.js'
import { bindInRange, familiesOf, listenInRange } from '../net/bind-in-range.js'
import type { Family } from '../net/bind-in-range.js'
import type { Feeds } from './feeds.js'
import { responderOf } from './responder.js'
import { serveTcp } from './tcp-service.js'
import { serveUdp } from './udp-service.js'
import type { Announced } from './udp-service.js'

/** Inlets get that long to take what was sent, then the sockets go. */
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
  readonly #feeds: Feeds
  readonly #config: LslConfig
  readonly #connections = new Set<Socket>()
  readonly #ready: Promise<Listening[]>
  #queries: QueryCache | undefined

  constructor(info: StreamInfo, feeds: Feeds, config: LslConfig) {
    this.#info = info
    this.#feeds = feeds
    this.#config = config
    this.#ready = this.#open()
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
    await allClosed(this.#connections, GOODBYE_MS)
    for (const socket of this.#connections) socket.destroy()
  }

  async #open(): Promise<Listening[]> {
    const families = familiesOf(this.#config)
    const tried = await Promise.allSettled(families.map(family => listen(family, this.#config)))
    const listening = tried.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    if (listening.length === 0) {
      const reasons = tried.map(result => (result.status === 'rejected' ? String(result.reason) : ''))
      process.emitWarning(`outlet ${this.#info.toString()} found no free port: ${reasons.join(', ')}`, 'LslWarning')
    }
    const fields = { ...this.#info.fields, ...portsOf(listening) }
    const fullInfo = new StreamInfo(fields).asXml()
    const shortInfo = new StreamInfo({ ...fields, desc: [] }).asXml()
    this.#queries = new QueryCache(fullInfo, this.#config.maxCachedQueries)
    const { channelFormat, uid } = this.#info
    const served = {
      uid,
      shortInfo,
      fullInfo,
      valueBytes: channelFormat === 'string' ? 0 : bytesPerValue(channelFormat),
      hasSubnormals: channelFormat === 'float32' || channelFormat === 'double64',
      matches: this.matches.bind(this),
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

async function listen(family: Family, config: LslConfig): Promise<Listening> {
  const server = await listenInRange(family, config)
  try {
    return { family, server, service: await bindInRange(family, config) }
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
