import { amount, mustBe, options, required, whole } from '../check.js'
import { localClock } from '../clock.js'

/** At what rate samples are owed, and from when on. */
export interface SamplesDueOptions {
  readonly rateHz: number
  /** LSL clock time from which samples are owed: the first one a period later. Default now. */
  readonly startS?: number
  /** The most samples that are owed at a time, after a pause. What is beyond is skipped and counted. Default: one second of them. */
  readonly maxBurst?: number
}

const clockTime = mustBe('LSL clock seconds', (value): value is number => typeof value === 'number', Number.isFinite)
const count = whole({ from: 0, forever: true })
const checked = options<SamplesDueOptions>('samplesDue', 'samplesDue({ rateHz: 250 })', {
  rateHz: required(amount('Hz', { above: 0 })),
  startS: clockTime,
  maxBurst: amount('samples', { from: 1, forever: true }),
})

/** How many samples a paced sender owes. Made by {@link samplesDue}. */
export class SamplesDue {
  readonly #rateHz: number
  readonly #startS: number
  readonly #maxBurst: number
  #taken = 0
  #skipped = 0

  /** @internal */
  constructor(options: SamplesDueOptions) {
    const { rateHz, startS = localClock(), maxBurst = Math.max(1, Math.ceil(rateHz)) } = checked(options)
    this.#rateHz = rateHz
    this.#startS = startS
    this.#maxBurst = Math.floor(maxBurst)
  }

  /** How many samples are owed at `nowS` (default now), at most `most`; they count as sent. Throws for what is no count or no time. */
  take(most = Infinity, nowS = localClock()): number {
    count('most', most)
    clockTime('nowS', nowS)
    // A millionth of a sample: the product of rate and time may end just below the whole number that it is.
    const due = Math.floor((nowS - this.#startS) * this.#rateHz + 1e-6)
    let owed = Math.max(0, due - this.#taken - this.#skipped)
    if (owed > this.#maxBurst) {
      this.#skipped += owed - this.#maxBurst
      owed = this.#maxBurst
    }
    const taken = Math.min(owed, most)
    this.#taken += taken
    return taken
  }

  /** When the newest sample taken was due, LSL clock seconds: its stamp. However late it is sent, the stamps are regular. */
  get stampS(): number {
    return this.dueAtS(0)
  }

  /** When `count` more samples will be owed, LSL clock seconds: sleep until then. */
  dueAtS(count = 1): number {
    return this.#startS + (this.#taken + this.#skipped + count) / this.#rateHz
  }

  /** Samples taken so far. */
  get taken(): number {
    return this.#taken
  }

  /** Samples that were never owed because the sender was away for longer than `maxBurst`; the stamps jump over them. */
  get skipped(): number {
    return this.#skipped
  }
}

/** How many samples a sender at `rateHz` owes now. The schedule is absolute: it never drifts. */
export function samplesDue(options: SamplesDueOptions): SamplesDue {
  return new SamplesDue(options)
}
