import type { RemoteInfo, Socket } from 'node:dgram'
import { errorCode } from '../../../errors.js'
import { reservedPortAdvice } from '../../../system/ports/reserved-port.js'
import type { LslConfig } from '../config/lsl-config.js'
import { bindUdp, familiesOf } from '../net/bind-in-range.js'
import type { Family } from '../net/bind-in-range.js'
import { isMulticast, familyOf, multicastInterfaces } from '../net/interfaces.js'
import { servingAddress } from '../net/own-address.js'
import { answerQuery } from './udp-server.js'
import type { Announced } from './udp-server.js'

const LOOK_FOR_INTERFACES_MS = 5000
/** liblsl 1.10 connects by the address of the first answer, and forgets which interface a link-local one is on. */
const LINK_LOCAL_DELAY_MS = 10

/**
 * Hears the queries that go to everybody, for all outlets of this thread: one socket per IP version on the shared
 * multicast port, in every group on every interface. Outlets come and go by {@link Responder.add} and remove.
 */
class Responder {
  readonly #config: LslConfig
  readonly #outlets = new Set<Announced>()
  readonly #sockets = new Set<Socket>()
  #timer: NodeJS.Timeout | undefined
  #opened = 0

  constructor(config: LslConfig) {
    this.#config = config
  }

  async add(outlet: Announced): Promise<void> {
    this.#outlets.add(outlet)
    if (this.#outlets.size === 1) await this.#open()
  }

  remove(outlet: Announced): void {
    this.#outlets.delete(outlet)
    if (this.#outlets.size > 0) return
    this.#opened++
    clearInterval(this.#timer)
    for (const socket of this.#sockets) socket.close()
    this.#sockets.clear()
  }

  async #open(): Promise<void> {
    const opening = ++this.#opened
    const joins = await Promise.all(familiesOf(this.#config).map(family => this.#listen(family, opening)))
    if (opening !== this.#opened) return
    // Interfaces come and go; joining one again is refused and harmless.
    this.#timer = setInterval(() => joins.forEach(join => join()), LOOK_FOR_INTERFACES_MS).unref()
  }

  /** Answers how to join the groups on the interfaces of the moment. */
  async #listen(family: Family, opening: number): Promise<() => void> {
    const groups = this.#config.addresses.filter(address => familyOf(address) === family && isMulticast(address))
    const address = servingAddress(family, this.#config)
    if (address === undefined) return () => undefined
    let socket: Socket
    try {
      socket = await bindUdp(family, { port: this.#config.multicastPort, shared: true, address })
    } catch (error) {
      // Queries to the service ports still arrive, from this machine and from known peers.
      warnUnheard(this.#config.multicastPort, errorCode(error))
      return () => undefined
    }
    if (opening !== this.#opened) {
      socket.close()
      return () => undefined
    }
    this.#sockets.add(socket)
    const answer = (message: Buffer, from: RemoteInfo): void => {
      for (const outlet of this.#outlets) answerQuery(outlet, socket, message, from)
    }
    socket.on('message', (message, from) => {
      const late = this.#config.ipv4 && /^fe80:/i.test(from.address)
      if (late) setTimeout(answer, LINK_LOCAL_DELAY_MS, message, from).unref()
      else answer(message, from)
    })
    const join = (): void => {
      if (!this.#sockets.has(socket)) return
      const interfaces = multicastInterfaces(family, this.#config)
      for (const group of groups) for (const { address } of interfaces) joinGroup(socket, group, address)
    }
    join()
    return join
  }
}

let isWarned = false

/** The port is another program's own, or the system keeps it. Any other reason is that this IP version is off. */
function warnUnheard(port: number, code: string | undefined): void {
  if (isWarned || (code !== 'EACCES' && code !== 'EADDRINUSE')) return
  isWarned = true
  const reason = `UDP port ${port} cannot be had (${code})${reservedPortAdvice(code)}`
  process.emitWarning(`outlets of this process are not found from other machines: ${reason}`, 'LslNetworkWarning')
}

function joinGroup(socket: Socket, group: string, address: string): void {
  try {
    socket.addMembership(group, address)
  } catch {
    // A member already, or an interface that went or knows no multicast.
  }
}

const responders = new WeakMap<LslConfig, Responder>()

/** The responder of all outlets of this thread with that configuration. */
export function responderOf(config: LslConfig): Responder {
  const responder = responders.get(config) ?? new Responder(config)
  responders.set(config, responder)
  return responder
}
