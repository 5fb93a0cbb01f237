import type { StringSink } from '../engine.js'
import { addressOf } from './error-cell.js'
import type { ErrorCell } from './error-cell.js'
import { koffi } from '../../system/koffi.js'
import type { Library } from './library.js'
import type { Handle, LslFunctions } from './prototypes.js'

/** Moves string frames into one sink, byte for byte (NUL included), and frees what the C library allocated for them. */
export class StringPull {
  readonly #inlet: Handle
  readonly #sink: StringSink
  readonly #ec: ErrorCell
  readonly #pullSample: LslFunctions['lsl_pull_sample_buf']
  readonly #free: LslFunctions['lsl_destroy_string']
  readonly #texts: BigUint64Array
  readonly #lengths: Uint32Array
  readonly #textsAt: number
  readonly #lengthsAt: number

  constructor(library: Library, inlet: Handle, sink: StringSink, ec: ErrorCell) {
    this.#inlet = inlet
    this.#sink = sink
    this.#ec = ec
    this.#pullSample = library.fn('lsl_pull_sample_buf')
    this.#free = library.fn('lsl_destroy_string')
    this.#texts = new BigUint64Array(sink.channels)
    this.#lengths = new Uint32Array(sink.channels)
    this.#textsAt = addressOf(this.#texts)
    this.#lengthsAt = addressOf(this.#lengths)
  }

  /** Waits at most `waitS` for a frame, takes all that is there up to the sink's chunk; answers how many were published. */
  pull(waitS: number): number {
    let frames = 0
    while (frames < this.#sink.maxChunk && this.#pullFrame(frames === 0 ? waitS : 0)) frames++
    if (frames > 0) this.#sink.publish()
    return frames
  }

  #pullFrame(waitS: number): boolean {
    const { channels } = this.#sink
    this.#ec.clear()
    const stamp = this.#pullSample(this.#inlet, this.#textsAt, this.#lengthsAt, channels, waitS, this.#ec.address)
    // Libraries before 1.18 allocate the slots on a time-out too (liblsl#290), so every slot is freed every time.
    for (let channel = 0; channel < channels; channel++) {
      const text = this.#texts[channel] ?? 0n
      if (text === 0n) continue
      if (stamp !== 0) this.#sink.put(channel, new Uint8Array(koffi().view(text, this.#lengths[channel] ?? 0)))
      this.#free(text)
      this.#texts[channel] = 0n
    }
    if (stamp === 0) return false
    this.#sink.endFrame(stamp)
    return true
  }
}
