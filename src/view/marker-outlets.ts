import { StreamInfo } from '../lsl/stream-info.js'
import { StreamOutlet } from '../lsl/stream-outlet.js'

const MOST_OUTLETS = 64
const MOST_PAGES = 1000

interface MarkerOutlet {
  readonly outlet: StreamOutlet
  /** The newest sequence number of each page: what it repeats after a reconnect is not pushed again. */
  readonly seqs: Map<string, number>
}

/** The marker streams of browsers: each stays on the network while the view runs, over reconnects of its page. */
export class MarkerOutlets {
  readonly #outlets = new Map<string, MarkerOutlet>()

  /** Makes the outlet of a source, or finds it again. Answers the newest sequence number of that page; undefined when there are too many. */
  open(name: string, sourceId: string, page: string): number | undefined {
    const known = this.#outlets.get(sourceId)
    if (known !== undefined) return known.seqs.get(page) ?? 0
    if (this.#outlets.size >= MOST_OUTLETS) return undefined
    const info = new StreamInfo({ name, type: 'Markers', channelCount: 1, channelFormat: 'string', sourceId })
    this.#outlets.set(sourceId, { outlet: new StreamOutlet(info), seqs: new Map() })
    return 0
  }

  /** Pushes what was not pushed yet; answers the newest sequence number, undefined for an unknown source. */
  push(
    sourceId: string,
    page: string,
    items: readonly (readonly [seq: number, time: number, text: string])[],
  ): number | undefined {
    const known = this.#outlets.get(sourceId)
    if (known === undefined) return undefined
    let newest = known.seqs.get(page) ?? 0
    for (const [seq, time, text] of items) {
      if (seq <= newest) continue
      newest = seq
      known.outlet.pushSample([text], time)
    }
    // Last in the order of the map: the page that was silent longest is forgotten first.
    known.seqs.delete(page)
    known.seqs.set(page, newest)
    const [oldest] = known.seqs.keys()
    if (known.seqs.size > MOST_PAGES && oldest !== undefined) known.seqs.delete(oldest)
    return newest
  }

  async close(): Promise<void> {
    await Promise.all([...this.#outlets.values()].map(({ outlet }) => outlet.close()))
    this.#outlets.clear()
  }
}
