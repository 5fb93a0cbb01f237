import { localClock } from '../../clock.js'
import type { RingHandle } from '../../ring/allocate-ring.js'
import { WriterPace } from '../../ring/pace/writer-pace.js'

/** On a thread of its own a watcher blocks that long at once for readers that are behind. */
const LONGEST_BLOCK_MS = 50
/** On a shared thread nobody blocks: between two looks whether readers have moved. */
const LOOK_MS = 1
/** Seconds in all that readers are waited for in one burst: one that is slow for ever delays the others no longer. */
const LONGEST_PACE_S = 1

/** While there is more to take than one chunk, readers that the next one would overtake are left time. */
export class Burst {
  readonly #pace: WriterPace
  readonly #isShared: boolean
  #isUnderWay = false
  #pacedS = 0

  constructor(ring: RingHandle, isShared: boolean) {
    this.#pace = new WriterPace(ring)
    this.#isShared = isShared
  }

  /** A pull is over; whether it was as much as one can bring, so that there may be more. */
  pulled(isFull: boolean): void {
    this.#isUnderWay = isFull
    if (!isFull) this.#pacedS = 0
  }

  /** Whether to take the next chunk now. If not, after {@link Burst.later} the readers have had some time. */
  hasRoom(): boolean {
    if (!this.#isUnderWay || this.#pacedS >= LONGEST_PACE_S) return true
    if (this.#isShared) {
      const hasRoom = this.#pace.awaitRoom(0)
      if (!hasRoom) this.#pacedS += LOOK_MS / 1000
      return hasRoom
    }
    const start = localClock()
    const hasRoom = this.#pace.awaitRoom(LONGEST_BLOCK_MS)
    this.#pacedS += localClock() - start
    return hasRoom
  }

  /** Calls `look` when it is time to ask again. */
  later(look: () => void): void {
    if (this.#isShared) setTimeout(look, LOOK_MS)
    else setImmediate(look)
  }
}
