import type { RemoteInfo } from 'node:dgram'
import { randomInt } from 'node:crypto'
import { localClock } from '../../../clock.js'
import type { SearchOptions } from '../../engine.js'
import { parseStreamInfo } from '../../parse-stream-info.js'
import { StreamInfo } from '../../stream-info.js'
import type { LslConfig } from '../config/lsl-config.js'
import type { Family } from '../net/bind-in-range.js'
import { QuerySockets } from './query-sockets.js'

/** Seconds before the waves that follow the first: what has only just started is found soon. */
const FIRST_WAVES_S = [0.015, 0.05, 0.1]
/** Streams that one search keeps; beyond are floods. */
const MOST_STREAMS = 4096

interface Seen {
  readonly info: StreamInfo
  readonly at: number
}

export interface SearchTerms extends Partial<SearchOptions> {
  /** Seconds between waves of queries. */
  readonly everyS: number
  /** A wave of queries has gone out. */
  readonly asked?: () => void
}

/** Asks the network again and again for the streams that satisfy a query, until it is closed. Does not keep the process alive. */
export class Search {
  readonly #query: string
  readonly #terms: SearchTerms
  readonly #sockets: QuerySockets
  readonly #id = String(randomInt(2 ** 47))
  readonly #streams = new Map<string, Seen>()
  /** Answers by their text: most come several times. */
  readonly #known = new Map<string, string>()
  #waves = 0
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(config: LslConfig, query: string, terms: SearchTerms) {
    this.#query = query
    this.#terms = terms
    this.#sockets = new QuerySockets(config, (message, from, family) => this.#hear(message, from, family))
    void this.#wave()
  }

  /** What has answered, and not been forgotten. */
  get streams(): StreamInfo[] {
    return Array.from(this.#streams.values(), ({ info }) => info)
  }

  get size(): number {
    return this.#streams.size
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#sockets.close()
  }

  async #wave(): Promise<void> {
    const soon = FIRST_WAVES_S[this.#waves++] ?? Infinity
    this.#timer = setTimeout(() => void this.#wave(), Math.min(soon, this.#terms.everyS) * 1000).unref()
    this.#forget()
    // A wave that fails is followed by others.
    await this.#sockets
      .wave(port => `LSL:shortinfo\r\n${this.#query}\r\n${port} ${this.#id}\r\n`)
      .catch(() => undefined)
    if (!this.#closed) this.#terms.asked?.()
  }

  #hear(message: Buffer, { address }: RemoteInfo, family: Family): void {
    if (this.#closed) return
    const text = message.toString('utf8')
    const line = text.indexOf('\n')
    if (line < 0 || text.slice(0, line).trim() !== this.#id) return
    const xml = text.slice(line + 1)
    const heard = `${family} ${xml}`
    const uid = this.#known.get(heard)
    const seen = uid === undefined ? undefined : this.#streams.get(uid)
    if (uid !== undefined && seen !== undefined) {
      this.#streams.set(uid, { info: seen.info, at: localClock() })
      return
    }
    const parsed = parseStreamInfo(xml)
    // What a broken peer announces is no stream to us.
    if ('reason' in parsed || parsed.fields.uid === '' || this.#streams.size >= MOST_STREAMS) return
    const known = this.#streams.get(parsed.fields.uid)
    // The first answer came the fastest way: its address stays, another family's is added.
    const fields = known?.info.fields ?? parsed.fields
    const heardBefore = known !== undefined && fields[`v${family}address`] !== ''
    const info = heardBefore ? known.info : new StreamInfo({ ...fields, [`v${family}address`]: address })
    if (this.#known.size < 2 * MOST_STREAMS) this.#known.set(heard, info.uid)
    this.#streams.set(info.uid, { info, at: localClock() })
    if (known === undefined) this.#terms.appeared?.(info)
  }

  #forget(): void {
    const { forgetAfterS, disappeared } = this.#terms
    if (forgetAfterS === undefined) return
    const horizon = localClock() - forgetAfterS
    for (const [uid, { info, at }] of this.#streams) {
      if (at >= horizon) continue
      this.#streams.delete(uid)
      disappeared?.(info)
    }
  }
}
