import { localClock } from '../../../clock.js'
import type { Processing } from '../../engine.js'
import { Dejitter } from './dejitter.js'
import type { StampFilter } from './stamp-filter.js'

/** The clock offset is looked up again after that many samples, and no sooner than {@link LOOK_EVERY_S}. */
const LOOK_EVERY_SAMPLES = 50
const LOOK_EVERY_S = 0.5
/** A stamp that far behind the expected one is not late but follows lost samples. */
const GAP_S = 0.5
const SETTLED_SAMPLES = 64

export interface StampSource {
  readonly nominalSrate: number
  readonly halftimeS: number
  /** Seconds to add to a stamp, of the moment; undefined while unknown. */
  offset(): number | undefined
}

/** LSL post-processing in its fixed order: clock offset, dejitter, monotonize. Sees every sample that arrives, dropped or not. */
export class ProcessedStamps implements StampFilter {
  readonly #processing: Processing
  readonly #source: StampSource
  #offset = 0
  #sinceLook = LOOK_EVERY_SAMPLES
  #nextLook = 0
  #dejitter: Dejitter | undefined
  #samples = 0
  #latest = -Infinity

  constructor(processing: Processing, source: StampSource) {
    this.#processing = processing
    this.#source = source
  }

  /** Another outlet continues the stream: what was learned of the old one's clock is void. */
  reset(): void {
    this.#offset = 0
    this.#sinceLook = LOOK_EVERY_SAMPLES
    this.#nextLook = 0
    this.#dejitter = undefined
    this.#samples = 0
    this.#latest = -Infinity
  }

  apply(stamp: number): number {
    let processed = stamp
    if (this.#processing.clockSync === true) processed += this.#currentOffset()
    if (this.#processing.dejitter === true && this.#source.nominalSrate > 0) processed = this.#smooth(processed)
    if (this.#processing.monotonize === true) processed = this.#latest = Math.max(processed, this.#latest)
    return processed
  }

  #currentOffset(): number {
    if (++this.#sinceLook <= LOOK_EVERY_SAMPLES) return this.#offset
    const now = localClock()
    if (now < this.#nextLook) return this.#offset
    const offset = this.#source.offset()
    if (offset === undefined) return this.#offset
    this.#offset = offset
    this.#sinceLook = 0
    this.#nextLook = now + LOOK_EVERY_S
    return offset
  }

  #smooth(stamp: number): number {
    const { nominalSrate, halftimeS } = this.#source
    this.#dejitter ??= new Dejitter(stamp, nominalSrate, halftimeS)
    if (this.#samples++ > SETTLED_SAMPLES) {
      // liblsl does not know of samples that its queues dropped, and bends the line for minutes.
      const error = this.#dejitter.error(stamp)
      if (error > GAP_S) this.#dejitter.skip(Math.round(error * nominalSrate))
    }
    return this.#dejitter.apply(stamp)
  }
}
