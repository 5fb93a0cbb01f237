import type { NumericFormat } from '../../channel-format.js'
import type { NumericSink } from '../engine.js'
import { addressOf } from './error-cell.js'
import type { ErrorCell } from './error-cell.js'
import type { Library } from './library.js'
import type { Handle, LslFunctions, NumericLetter } from './prototypes.js'

/** The letter of a format in the names of the C functions. */
export const LETTERS: Readonly<Record<NumericFormat, NumericLetter>> = {
  float32: 'f',
  double64: 'd',
  int64: 'l',
  int32: 'i',
  int16: 's',
  int8: 'c',
}

/**
 * Has the C library write frames straight into one sink's memory. A pull_chunk with a time-out waits until the buffer is
 * full, so the first frame is awaited by pull_sample and the rest drained by pull_chunk without waiting.
 */
export class NumericPull {
  readonly #inlet: Handle
  readonly #sink: NumericSink
  readonly #ec: ErrorCell
  readonly #pullSample: LslFunctions['lsl_pull_sample_f']
  readonly #pullChunk: LslFunctions['lsl_pull_chunk_f']
  readonly #samplesAt: number
  readonly #timesAt: number
  readonly #frameBytes: number

  constructor(library: Library, inlet: Handle, format: NumericFormat, sink: NumericSink, ec: ErrorCell) {
    this.#inlet = inlet
    this.#sink = sink
    this.#ec = ec
    this.#pullSample = library.fn(`lsl_pull_sample_${LETTERS[format]}`)
    this.#pullChunk = library.fn(`lsl_pull_chunk_${LETTERS[format]}`)
    this.#samplesAt = addressOf(sink.samples)
    this.#timesAt = addressOf(sink.times)
    this.#frameBytes = sink.channels * sink.samples.BYTES_PER_ELEMENT
  }

  /** Waits at most `waitS` for a frame, takes all that is there; answers how many frames were published. */
  pull(waitS: number): number {
    const { channels, times, maxChunk } = this.#sink
    const ec = this.#ec.address
    const slot = this.#sink.position()
    this.#ec.clear()
    const at = this.#samplesAt + slot * this.#frameBytes
    const stamp = this.#pullSample(this.#inlet, at, channels, waitS, ec)
    if (stamp === 0) return 0
    times[slot] = stamp
    const room = maxChunk - 1
    const values =
      room === 0
        ? 0
        : this.#pullChunk(
            this.#inlet,
            at + this.#frameBytes,
            this.#timesAt + (slot + 1) * Float64Array.BYTES_PER_ELEMENT,
            room * channels,
            room,
            0,
            ec,
          )
    const frames = 1 + values / channels
    this.#sink.publish(frames)
    return frames
  }
}
