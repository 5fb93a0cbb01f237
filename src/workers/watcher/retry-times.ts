/** Doubles from the first to the last. */
const FIRST_S = 0.25
const LONGEST_S = 5
/** A connection that lasted longer was a good one. */
const GOOD_S = 5
/** Uids that are remembered: a peer can make up as many as it likes. */
const MOST = 256

interface Record {
  waitS: number
  dueS: number
}

/**
 * When a stream that did not serve may be tried again: later each time, so that a peer that accepts and closes costs
 * nothing, and an outlet that was new is tried at once. By uid.
 */
export class RetryTimes {
  readonly #records = new Map<string, Record>()

  /** Whether it has not failed lately. Times are LSL clock seconds. */
  isDue(uid: string, now: number): boolean {
    return now >= (this.#records.get(uid)?.dueS ?? 0)
  }

  hasFailed(uid: string): boolean {
    return this.#records.has(uid)
  }

  /** It could not be opened, or ended after `lastedS` seconds. */
  failed(uid: string, now: number, lastedS = 0): void {
    const before = this.#records.get(uid)
    this.#records.delete(uid)
    if (lastedS > GOOD_S) return
    const waitS = before === undefined ? FIRST_S : Math.min(LONGEST_S, before.waitS * 2)
    this.#records.set(uid, { waitS, dueS: now + waitS })
    const [oldest] = this.#records.keys()
    if (oldest !== undefined && this.#records.size > MOST) this.#records.delete(oldest)
  }
}
