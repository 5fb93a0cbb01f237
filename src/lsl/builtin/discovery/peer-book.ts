import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { localClock } from '../../../clock.js'

/** A name that was not found is looked up again after that long, one that was found after {@link FRESH_S}. */
const RETRY_S = 5
const FRESH_S = 60
/** A lookup that waits for a silent name server occupies one of the few threads that Node has for such work. */
const MOST_AT_ONCE = 2

interface Peer {
  addresses: readonly string[]
  nextLookup: number
}

/** Finds the addresses of a name; rejects where there is none. */
export type Lookup = (name: string) => Promise<readonly string[]>

const systemLookup: Lookup = async name => (await lookup(name, { all: true })).map(({ address }) => address)

/** The addresses of the known peers, as far as they are known. Nobody waits for a name server here. */
export class PeerBook {
  readonly #literal: readonly string[]
  readonly #named = new Map<string, Peer>()
  readonly #lookup: Lookup
  #running = 0

  constructor(peers: readonly string[], find: Lookup = systemLookup) {
    this.#lookup = find
    this.#literal = peers.filter(peer => isIP(peer) !== 0)
    for (const peer of peers) if (isIP(peer) === 0) this.#named.set(peer, { addresses: [], nextLookup: 0 })
  }

  /** What is known now; names that are due are looked up meanwhile, for the next time. */
  addresses(now = localClock()): string[] {
    for (const [name, peer] of this.#named) {
      if (now < peer.nextLookup || this.#running >= MOST_AT_ONCE) continue
      peer.nextLookup = Infinity
      this.#running++
      void this.#find(name, peer)
    }
    return [...this.#literal, ...[...this.#named.values()].flatMap(({ addresses }) => addresses)]
  }

  async #find(name: string, peer: Peer): Promise<void> {
    let waitS = FRESH_S
    try {
      peer.addresses = await this.#lookup(name)
    } catch {
      // Unknown now. What it was before may still be right.
      waitS = RETRY_S
    }
    this.#running--
    peer.nextLookup = localClock() + waitS
  }
}

const books = new WeakMap<object, PeerBook>()

/** The book of all searches of this thread with that configuration: what one of them has found out the next one knows. */
export function peerBookOf(config: { readonly knownPeers: readonly string[] }): PeerBook {
  const book = books.get(config) ?? new PeerBook(config.knownPeers)
  books.set(config, book)
  return book
}
