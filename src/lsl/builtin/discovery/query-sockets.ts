import type { RemoteInfo, Socket } from 'node:dgram'
import type { LslConfig } from '../config/lsl-config.js'
import { bindInRange, familiesOf } from '../net/bind-in-range.js'
import type { Family } from '../net/bind-in-range.js'
import { familyOf, isMulticast, multicastInterfaces } from '../net/interfaces.js'
import { askingAddress, LOOPBACK } from '../net/own-address.js'
import { WaveOutcome } from './local-network.js'
import { peerBookOf } from './peer-book.js'

interface QuerySocket {
  readonly family: Family
  /** The interface that its multicast leaves by; undefined for the one that sends to single hosts and by broadcast. */
  readonly via: string | undefined
  readonly socket: Socket
}

export type Heard = (message: Buffer, from: RemoteInfo, family: Family) => void

/**
 * The sockets of one search. Each sends queries and hears the answers to them, which firewalls let pass, and each
 * interface has its own, as the outgoing interface of a socket cannot change between two sends.
 */
export class QuerySockets {
  readonly #config: LslConfig
  readonly #heard: Heard
  readonly #sockets = new Map<string, QuerySocket>()
  readonly #opening = new Set<string>()
  #closed = false

  constructor(config: LslConfig, heard: Heard) {
    this.#config = config
    this.#heard = heard
  }

  /** Sends `question(return port)` to everybody: groups and broadcast, the known peers, and this host's own service ports. */
  async wave(question: (port: number) => string): Promise<void> {
    await this.#open()
    const { addresses, multicastPort, listenAddress } = this.#config
    const outcome = new WaveOutcome()
    const own = listenAddress === '' ? [] : [listenAddress]
    const peers = [...own, ...peerBookOf(this.#config).addresses()]
    for (const { family, via, socket } of this.#sockets.values()) {
      if (this.#closed) return
      const text = question(socket.address().port)
      const ofFamily = addresses.filter(address => familyOf(address) === family)
      if (via !== undefined) {
        for (const group of ofFamily.filter(isMulticast)) send(socket, text, multicastPort, group, outcome)
        continue
      }
      for (const address of ofFamily.filter(address => !isMulticast(address)))
        send(socket, text, multicastPort, address, outcome)
      // Several outlets on one host share the multicast port, and only one of them hears what is sent to a single address.
      const hosts = new Set([LOOPBACK[family], ...peers.filter(peer => familyOf(peer) === family)])
      for (const host of hosts) this.#sendToServices(socket, text, host, outcome)
    }
  }

  close(): void {
    this.#closed = true
    for (const { socket } of this.#sockets.values()) socket.close()
    this.#sockets.clear()
  }

  #sendToServices(socket: Socket, text: string, host: string, outcome: WaveOutcome): void {
    const { basePort, portRange } = this.#config
    for (let port = basePort; port < basePort + portRange && port <= 65535; port++)
      send(socket, text, port, host, outcome)
  }

  /** Opens what is not open yet, among it sockets for interfaces that came up since. */
  async #open(): Promise<void> {
    const wanted = familiesOf(this.#config).flatMap(family => {
      const groups = this.#config.addresses.some(address => familyOf(address) === family && isMulticast(address))
      const interfaces = groups ? multicastInterfaces(family, this.#config) : []
      return [undefined, ...interfaces.map(({ address }) => address)].map(via => ({ family, via }))
    })
    const keys = new Set(wanted.map(({ family, via }) => `${family} ${via ?? ''}`))
    for (const [key, { socket }] of this.#sockets) {
      if (keys.has(key)) continue
      this.#sockets.delete(key)
      socket.close()
    }
    await Promise.all(wanted.map(({ family, via }) => this.#openOne(family, via)))
  }

  async #openOne(family: Family, via: string | undefined): Promise<void> {
    const key = `${family} ${via ?? ''}`
    if (this.#sockets.has(key) || this.#opening.has(key)) return
    this.#opening.add(key)
    let socket: Socket | undefined
    try {
      // From the end of the range: outlets take theirs from its start.
      socket = await bindInRange(family, this.#config, askingAddress(family, this.#config), true)
      if (via === undefined) {
        if (family === 4) socket.setBroadcast(true)
      } else {
        socket.setMulticastInterface(via)
        socket.setMulticastTTL(this.#config.ttl)
      }
    } catch {
      // No such interface any more, or this IP version is off: the search goes on without it.
      socket?.close()
      return
    } finally {
      this.#opening.delete(key)
    }
    if (this.#closed) {
      socket.close()
      return
    }
    socket.on('message', (message, from) => this.#heard(message, from, family))
    this.#sockets.set(key, { family, via, socket })
  }
}

function send(socket: Socket, text: string, port: number, address: string, outcome: WaveOutcome): void {
  try {
    socket.send(text, port, address, outcome.sent(address))
  } catch {
    // Closed meanwhile. An interface that refuses says so to the callback, and concerns that packet only.
  }
}
