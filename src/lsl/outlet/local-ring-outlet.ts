import type { RingHandle } from '../../ring/allocate-ring.js'
import type { EngineOutlet, RingOutlet } from '../engine.js'
import type { StreamInfo } from '../stream-info.js'
import { Doorbell } from './doorbell.js'
import { RingFeed } from './ring-feed.js'

/** Sends what is written into a ring from this thread's event loop. Does not keep the process alive. */
export class LocalRingOutlet implements RingOutlet {
  readonly bell = new Doorbell()
  readonly #outlet: EngineOutlet
  readonly #feed: RingFeed
  #closing: Promise<void> | undefined

  constructor(outlet: EngineOutlet, ring: RingHandle) {
    this.#outlet = outlet
    this.#feed = new RingFeed(ring, outlet)
    void this.#send()
  }

  get info(): StreamInfo {
    return this.#outlet.info
  }

  get haveConsumers(): boolean {
    return this.#outlet.haveConsumers
  }

  get lost(): number {
    return this.#feed.lost
  }

  close(): Promise<void> {
    if (this.#closing === undefined) {
      this.#feed.drain()
      this.#closing = this.#outlet.close()
      this.bell.ring()
    }
    return this.#closing
  }

  async #send(): Promise<void> {
    for (;;) {
      await this.bell.sleep(() => this.#feed.isEmpty && this.#closing === undefined)
      if (this.#closing !== undefined) return
      this.#feed.drain()
      // The rest of this thread gets its turn, however fast a job pushes.
      await new Promise(setImmediate)
    }
  }
}
