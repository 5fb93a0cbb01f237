import { COUNTER_STEPS, announceLap, confirmLap, observe, publish } from './protocol.js'
import type { CounterWords } from './ring-layout.js'

type CounterStep = (typeof COUNTER_STEPS)[number]

/** Moves one counter, as its one writer. Goes on where an earlier writer ended. */
export class CounterWriter {
  readonly #words: Int32Array
  readonly #at: CounterWords
  readonly #modulus: number
  #count: number
  #head: number
  #laps: number

  constructor(words: Int32Array, at: CounterWords, modulus: number) {
    this.#words = words
    this.#at = at
    this.#modulus = modulus
    this.#count = observe(words, at, modulus)
    this.#head = this.#count % modulus
    this.#laps = Math.floor(this.#count / modulus)
    // An earlier writer may have died between announcing a lap and confirming it.
    announceLap(words, at, this.#laps)
    confirmLap(words, at, this.#laps)
  }

  get count(): number {
    return this.#count
  }

  /** The count modulo the modulus, and how often that has wrapped. */
  get head(): number {
    return this.#head
  }

  get laps(): number {
    return this.#laps
  }

  /** Runs one of the steps of moving by `by`, which is less than the modulus; the last one makes it the count. */
  step(step: CounterStep, by: number): void {
    const sum = this.#head + by
    const wraps = sum >= this.#modulus
    const head = wraps ? sum - this.#modulus : sum
    if (step === 'publish') publish(this.#words, this.#at, this.#head, head)
    else if (step === 'announceLap') {
      if (wraps) announceLap(this.#words, this.#at, this.#laps + 1)
    } else {
      if (wraps) confirmLap(this.#words, this.#at, ++this.#laps)
      this.#head = head
      this.#count += by
    }
  }

  /** Moves by `by`: everything that was written before is then published. */
  advance(by: number): void {
    for (const step of COUNTER_STEPS) this.step(step, by)
  }
}
