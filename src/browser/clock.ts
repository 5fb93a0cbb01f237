/** How many probes make a wave, how many of the newest waves count, and how long between two waves. */
const WAVE = 8
const KEPT_WAVES = 5
const PROBE_EVERY_MS = 20
const WAVE_EVERY_MS = 5000

/**
 * The LSL clock of the server's machine, seen from a page: waves of probes, of which the fastest counts, as LSL itself measures
 * the offset of two hosts.
 */
export class PageClock {
  readonly #now: () => number
  readonly #waves: { offsetS: number; roundTripS: number }[] = []
  #best: { offsetS: number; roundTripS: number } | undefined
  #answers = 0
  /** Whether the connection is new: the other end may have another clock than the one that the waves are of. */
  #isNew = false
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `now` is this page's clock in ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Whether an offset is known. */
  get isKnown(): boolean {
    return this.#estimate() !== undefined
  }

  /** LSL clock seconds now; NaN before the first answer. */
  localClock(): number {
    return this.at(this.#now())
  }

  /** LSL clock seconds at a moment of this page's clock in ms. */
  at(ms: number): number {
    return ms / 1000 + (this.#estimate()?.offsetS ?? NaN)
  }

  /** How far the clock may be off, seconds: half the round trip of the fastest probe. */
  get uncertaintyS(): number {
    return (this.#estimate()?.roundTripS ?? Infinity) / 2
  }

  /** Begins to probe over a connection that has just been made. */
  start(probe: (sent: number) => void): void {
    this.stop()
    this.#isNew = true
    const wave = (): void => {
      this.#best = undefined
      this.#answers = 0
      const next = (left: number): void => {
        probe(this.#now())
        this.#timer = left > 1 ? setTimeout(next, PROBE_EVERY_MS, left - 1) : setTimeout(wave, WAVE_EVERY_MS)
      }
      next(WAVE)
    }
    wave()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  /** Takes the answer to a probe. */
  answered(sent: number, lsl: number): void {
    const now = this.#now()
    const roundTripS = (now - sent) / 1000
    if (!(roundTripS >= 0)) return
    const offsetS = lsl - (sent + now) / 2000
    const known = this.#estimate()
    if (this.#isNew && known && Math.abs(offsetS - known.offsetS) > (roundTripS + known.roundTripS) / 2)
      this.#waves.length = 0
    this.#isNew = false
    if (this.#best === undefined || roundTripS < this.#best.roundTripS) this.#best = { offsetS, roundTripS }
    if (++this.#answers < WAVE) return
    this.#waves.push(this.#best)
    if (this.#waves.length > KEPT_WAVES) this.#waves.shift()
    this.#best = undefined
    this.#answers = 0
  }

  #estimate(): { offsetS: number; roundTripS: number } | undefined {
    let fastest = this.#best
    // A wave that is under way counts only while there is no whole one: its first probes are the slow ones.
    if (this.#waves.length > 0) fastest = this.#waves.reduce((a, b) => (b.roundTripS < a.roundTripS ? b : a))
    return fastest
  }
}
