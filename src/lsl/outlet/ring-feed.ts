import { allocateSamples } from '../../channel-format.js'
import type { RingHandle } from '../../ring/allocate-ring.js'
import { RingReader } from '../../ring/ring-reader.js'
import type { TakeNewOptions } from '../../ring/ring-reader.js'
import type { WindowData } from '../../ring/window.js'
import type { EngineOutlet } from '../engine.js'

/** Frames that are pushed at once. */
const MOST_FRAMES = 1024

/** Sends what is written into a ring, from its first sample on, by an outlet of this thread. */
export class RingFeed {
  readonly #reader: RingReader<WindowData>
  readonly #outlet: Pick<EngineOutlet, 'push' | 'pushStrings'>
  readonly #take: TakeNewOptions

  constructor(ring: RingHandle, outlet: Pick<EngineOutlet, 'push' | 'pushStrings'>) {
    this.#reader = RingReader.attach<WindowData>(ring)
    // What was written before this thread came here counts, too.
    this.#reader.cursor = 0
    this.#outlet = outlet
    const { format, channels, frames } = this.#reader
    const maxFrames = Math.min(frames, MOST_FRAMES)
    this.#take = format === 'string' ? { maxFrames } : { into: allocateSamples(format, maxFrames * channels) }
  }

  get isEmpty(): boolean {
    return this.#reader.written() === this.#reader.cursor
  }

  /** Samples that were overwritten before they were sent. */
  get lost(): number {
    return this.#reader.lost
  }

  /** Sends all that is there now. */
  drain(): void {
    const end = this.#reader.written()
    while (this.#reader.cursor < end) {
      const { data, times, frames } = this.#reader.takeNew(this.#take)
      if (!Array.isArray(data)) this.#outlet.push(data, frames, times, true)
      else data.forEach((row, index) => this.#outlet.pushStrings(row, times[index] ?? 0, index === frames - 1))
    }
  }
}
