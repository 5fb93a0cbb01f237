/** Others are waited for that many times as long as the slowest answer took ... */
const TIMES_THE_SLOWEST = 4
/** ... seconds, and at least, ... */
const AT_LEAST_S = 0.02
/** ... and at most. */
const AT_MOST_S = 1

/**
 * Tells when a search has heard all who answer. How long that takes on this network nobody knows beforehand, but the answers
 * themselves say it: once enough have come, others are waited for as long as a few such answers take.
 */
export class Settling {
  readonly #firstAskedAt: number
  #askedAt: number
  #slowestS = 0
  #enoughAt = Infinity

  /** `askedAt` is when all have been asked, LSL clock. */
  constructor(askedAt: number) {
    this.#firstAskedAt = askedAt
    this.#askedAt = askedAt
  }

  /** All are asked again: answers from now on are taken to be to that. */
  asked(now: number): void {
    this.#askedAt = now
  }

  /** An answer that was not known came; `enough`: all that were asked for are there. */
  heard(now: number, enough: boolean): void {
    this.#slowestS = Math.max(this.#slowestS, now - this.#askedAt)
    if (enough) this.#enoughAt = Math.min(this.#enoughAt, now)
  }

  /** When no more answers are to be expected; Infinity as long as there are not enough. */
  get settledAt(): number {
    const waitS = Math.min(AT_MOST_S, Math.max(AT_LEAST_S, TIMES_THE_SLOWEST * this.#slowestS))
    return Math.max(this.#enoughAt, this.#firstAskedAt) + waitS
  }
}
