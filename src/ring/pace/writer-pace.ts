import type { RingHandle } from '../allocate-ring.js'
import { NOBODY, awaitMove, behind, enterPace, hasRoom, leavePace, loadPlace, movePlace } from './pace-protocol.js'
import { headWord } from '../protocol.js'
import { COUNT_MASK, MOST_PLACES } from '../ring-layout.js'
import { attachMemory } from '../ring-memory.js'
import type { RingMemory } from '../ring-memory.js'

/** A reader that has not moved for so long, while it was waited for, is not waited for any more: it is slow, or gone. */
const PATIENCE_MS = 100

/** Leaves readers time, for the one writer of a ring that has more to write than they may have read. */
export class WriterPace {
  readonly #memory: RingMemory
  /** What each place said when it was last looked at, and since when it has said it. */
  readonly #words = new Int32Array(MOST_PLACES)
  readonly #since = new Float64Array(MOST_PLACES)
  /** Where a window and two chunks fill the ring, nobody could be left any. */
  readonly #isPossible: boolean

  constructor(handle: RingHandle) {
    this.#memory = attachMemory(handle)
    const { capacity, frames, maxChunk } = this.#memory
    this.#isPossible = hasRoom(frames, maxChunk, capacity)
  }

  /**
   * Whether a chunk can be written now that overwrites nothing which a reader still has, after waiting for that `ms` at most. Readers
   * that were overtaken, or do not move, are forgotten: at their next take they are back.
   */
  awaitRoom(ms: number): boolean {
    if (!this.#isPossible || !this.#isSomebodyInTheWay()) return true
    const { words } = this.#memory
    const end = performance.now() + ms
    try {
      for (;;) {
        const seen = enterPace(words)
        if (!this.#isSomebodyInTheWay()) return true
        const left = end - performance.now()
        if (left <= 0) return false
        awaitMove(words, seen, left)
      }
    } finally {
      leavePace(words)
    }
  }

  #isSomebodyInTheWay(): boolean {
    const { words, modulus, maxChunk, capacity } = this.#memory
    const head = headWord(words) & COUNT_MASK
    let isInTheWay = false
    for (let place = 0; place < MOST_PLACES; place++) {
      const word = loadPlace(words, place)
      if (word === NOBODY) continue
      const frames = behind(head, word, modulus)
      if (hasRoom(frames, maxChunk, capacity)) continue
      if (frames > capacity || this.#isTooLong(place, word)) movePlace(words, place, word, NOBODY)
      else isInTheWay = true
    }
    return isInTheWay
  }

  #isTooLong(place: number, word: number): boolean {
    const now = performance.now()
    const since = this.#since[place] ?? 0
    // Not looked at for a while: then nobody has waited for it.
    if (this.#words[place] === word && now - since < 2 * PATIENCE_MS) return now - since >= PATIENCE_MS
    this.#words[place] = word
    this.#since[place] = now
    return false
  }
}
