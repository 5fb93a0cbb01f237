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
/** So long a gap may turn out to have been none. */
const DOUBT_S = 5

export interface StampSource {
  /** Of the outlet that is connected now. */
  nominalSrate(): number
  /** Where the processing says none. */
  readonly halftimeS: number
  /** Seconds to add to a stamp, of the moment; undefined while unknown. */
  offset(): number | undefined
}

/** LSL post-processing in its fixed order: clock offset, dejitter, monotonize. Sees every sample that arrives, dropped or not. */
export class TimePostprocessor implements StampFilter {
  #processing: Processing
  #isRaw: boolean
  readonly #source: StampSource
  #offset = 0
  #sinceLook = LOOK_EVERY_SAMPLES
  #nextLook = 0
  #dejitter: Dejitter | undefined
  #samples = 0
  /** The line as it would be without the last gap, while that is in doubt. */
  #unskipped: Dejitter | undefined
  #unskippedLeft = 0
  #latest = -Infinity

  constructor(processing: Processing, source: StampSource) {
    this.#processing = processing
    this.#isRaw = isRaw(processing)
    this.#source = source
  }

  /** From the next sample on; what is left out stays as it is. A line that is drawn anew starts there. */
  set(changes: Processing): void {
    const before = this.#processing
    const now = { ...before, ...changes }
    this.#processing = now
    this.#isRaw = isRaw(now)
    if (now.clockSync !== before.clockSync) this.#forgetOffset()
    if (now.dejitter !== before.dejitter || now.halftimeS !== before.halftimeS) this.#forgetLine()
    if (now.monotonize !== before.monotonize) this.#latest = -Infinity
  }

  /** Another outlet continues the stream: what was learned of the old one's clock is void. */
  reset(): void {
    this.#forgetOffset()
    this.#forgetLine()
    this.#latest = -Infinity
  }

  #forgetOffset(): void {
    this.#offset = 0
    this.#sinceLook = LOOK_EVERY_SAMPLES
    this.#nextLook = 0
  }

  #forgetLine(): void {
    this.#dejitter = undefined
    this.#unskipped = undefined
    this.#samples = 0
  }

  apply(stamp: number): number {
    if (this.#isRaw) return stamp
    // It says nothing about the time, and would spoil all that is learned of it.
    if (!Number.isFinite(stamp)) {
      this.#dejitter?.skip(1)
      this.#unskipped?.skip(1)
      return stamp
    }
    let processed = stamp
    if (this.#processing.clockSync === true) processed += this.#currentOffset()
    if (this.#processing.dejitter === true) processed = this.#smooth(processed)
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
    const nominalSrate = this.#source.nominalSrate()
    if (nominalSrate === 0) return stamp
    let line = (this.#dejitter ??= new Dejitter(
      stamp,
      nominalSrate,
      this.#processing.halftimeS ?? this.#source.halftimeS,
    ))
    if (this.#samples++ > SETTLED_SAMPLES) {
      // liblsl does not know of samples that its queues dropped, and bends the line for minutes.
      const error = line.error(stamp)
      if (error > GAP_S) {
        this.#unskipped = line.copy()
        this.#unskippedLeft = Math.ceil(nominalSrate * DOUBT_S)
        line.skip(Math.round(error * nominalSrate))
      }
    }
    const unskipped = this.#unskipped
    if (unskipped !== undefined) {
      // One late stamp, or a sender that was held up and makes up for it: there was no gap, and the line without it goes on.
      if (Math.abs(unskipped.error(stamp)) < Math.abs(line.error(stamp))) {
        this.#dejitter = line = unskipped
        this.#unskipped = undefined
      } else {
        unskipped.apply(stamp)
        if (--this.#unskippedLeft <= 0) this.#unskipped = undefined
      }
    }
    return line.apply(stamp)
  }
}

function isRaw({ clockSync, dejitter, monotonize }: Processing): boolean {
  return clockSync !== true && dejitter !== true && monotonize !== true
}
