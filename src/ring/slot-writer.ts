import type { SampleArray } from '../channel-format.js'
import { DareplaneError } from '../errors.js'
import { copySamples } from './copy-samples.js'
import { CounterWriter } from './counter-writer.js'
import { WRITER_STEPS, closeRing, isClosed, wake } from './protocol.js'
import { FRAMES } from './ring-layout.js'
import type { RingMemory } from './ring-memory.js'

/** The one writer of a ring, of numbers or of strings: runs WRITER_STEPS for each chunk. */
export class SlotWriter {
  readonly #memory: RingMemory
  readonly #counter: CounterWriter
  #slot: number

  constructor(memory: RingMemory) {
    this.#memory = memory
    this.#counter = new CounterWriter(memory.words, FRAMES, memory.modulus)
    this.#slot = this.#counter.count % memory.capacity
  }

  get written(): number {
    return this.#counter.count
  }

  /** The slot of the next frame: the slots from here to here + maxChunk - 1 are the writer's. */
  get slot(): number {
    return this.#slot
  }

  /** Publishes 1 to maxChunk frames: those in the writer's slots or, if given, the rows of `samples` from `first` on. */
  publish(frames: number, samples?: SampleArray, times?: Float64Array, first = 0): void {
    const { words, capacity } = this.#memory
    if (isClosed(words)) throw new DareplaneError('ERR_CLOSED', 'the ring is closed')
    for (const step of WRITER_STEPS) {
      if (step === 'data') {
        if (samples !== undefined && times !== undefined) this.#fill(frames, samples, times, first)
      } else if (step === 'mirror') this.#mirror(frames)
      else if (step === 'wake') wake(words)
      else this.#counter.step(step, frames)
    }
    this.#slot += frames
    if (this.#slot >= capacity) this.#slot -= capacity
  }

  /** Sets the CLOSED bit and wakes every reader. Idempotent. */
  close(): void {
    closeRing(this.#memory.words)
  }

  #fill(frames: number, samples: SampleArray, times: Float64Array, first: number): void {
    const memory = this.#memory
    const { columns } = memory
    copySamples(memory.samples, this.#slot * columns, samples, first * columns, (first + frames) * columns)
    copySamples(memory.times, this.#slot, times, first, first + frames)
  }

  /** Keeps slot k and slot C + k equal. As M <= W < C a chunk touches one of the two ends at most. */
  #mirror(frames: number): void {
    const { frames: window, capacity } = this.#memory
    const from = this.#slot
    const to = from + frames
    if (from < window) this.#copySlots(from + capacity, from, Math.min(to, window))
    else if (to > capacity) this.#copySlots(0, capacity, to)
  }

  #copySlots(target: number, from: number, to: number): void {
    const { samples, times, columns } = this.#memory
    samples.copyWithin(target * columns, from * columns, to * columns)
    times.copyWithin(target, from, to)
  }
}
