import { localClock } from '../../../clock.js'
import { DEDUCED } from '../codec/wire.js'

/** Works out which stamps of an outlet are sent and what those are that inlets deduce. */
export class Stamper {
  readonly #periodS: number
  readonly #forced: boolean
  /** The last sample's stamp, sent or deduced. */
  #last = 0

  constructor(nominalSrate: number, forced: boolean) {
    this.#periodS = nominalSrate === 0 ? 0 : 1 / nominalSrate
    this.#forced = forced
  }

  /** Seconds between samples, 0 for irregular streams. */
  get periodS(): number {
    return this.#periodS
  }

  /**
   * The stamps to send with `frames` samples, NaN for a deduced one. One stamp is that of the last of them: the first is
   * sent, the others follow from the rate. 0 is now.
   */
  sent(stamps: number | Float64Array, frames: number): Float64Array {
    const sent = new Float64Array(frames)
    if (typeof stamps === 'number') {
      sent.fill(NaN)
      if (stamps !== DEDUCED || this.#forced) sent[0] = this.#actual(stamps) - (frames - 1) * this.#periodS
      if (frames === 1 && stamps !== DEDUCED) sent[0] = this.#actual(stamps)
    } else {
      for (let frame = 0; frame < frames; frame++) {
        const stamp = stamps[frame] ?? DEDUCED
        sent[frame] = stamp === DEDUCED && !this.#forced ? NaN : this.#actual(stamp)
      }
    }
    return sent
  }

  /** Advances over `frames` samples with the given stamps as sent; answers the first one's true stamp. */
  advance(sent: Float64Array, first: number, frames: number): number {
    const stamp = sent[first] ?? NaN
    let last = Number.isNaN(stamp) ? this.#last + this.#periodS : stamp
    const firstStamp = last
    for (let frame = first + 1; frame < first + frames; frame++) {
      const next = sent[frame] ?? NaN
      last = Number.isNaN(next) ? last + this.#periodS : next
    }
    this.#last = last
    return firstStamp
  }

  #actual(stamp: number): number {
    return stamp === 0 || this.#forced ? localClock() : stamp
  }
}
