import { NOBODY, behind, loadPlace, movePlace, placeOf, tellMove } from './pace-protocol.js'
import { headWord } from '../protocol.js'
import { COUNT_MASK, MOST_PLACES } from '../ring-layout.js'
import type { RingMemory } from '../ring-memory.js'

/** Says where one reader is. Without a lock: a place that was forgotten meanwhile, or taken by another, is lost and a new one sought. */
export class ReaderPlace {
  readonly #memory: RingMemory
  #place = -1
  #word = NOBODY

  constructor(memory: RingMemory) {
    this.#memory = memory
  }

  /** From now on frame `index` and all after it are still needed. Where all places are taken nobody waits for this reader. */
  announce(index: number): void {
    const { words, modulus } = this.#memory
    const word = placeOf(Math.max(0, index), modulus)
    if (word === this.#word && loadPlace(words, this.#place) === word) return
    if (this.#word !== NOBODY && movePlace(words, this.#place, this.#word, word)) this.#word = word
    else this.#enter(word)
    tellMove(words)
  }

  /** Nothing is needed any more, until the next announcement. */
  leave(): void {
    const { words } = this.#memory
    if (this.#word !== NOBODY && movePlace(words, this.#place, this.#word, NOBODY)) tellMove(words)
    this.#word = NOBODY
  }

  #enter(word: number): void {
    const { words } = this.#memory
    this.#word = NOBODY
    for (let place = 0; place < MOST_PLACES; place++) {
      const found = loadPlace(words, place)
      if (found !== NOBODY && !this.#isLapped(found)) continue
      if (!movePlace(words, place, found, word)) continue
      this.#place = place
      this.#word = word
      return
    }
  }

  /** A reader that was overtaken has nothing to keep, and may be long gone. */
  #isLapped(word: number): boolean {
    const { words, modulus, capacity } = this.#memory
    return behind(headWord(words) & COUNT_MASK, word, modulus) > capacity
  }
}
