import { allocateSamples } from '../channel-format.js'
import type { NumericFormat, SampleArray } from '../channel-format.js'
import type { NumericSink, StringSink } from './engine.js'

/** Plain memory for pulled numeric frames, always filled from its start. */
export class FrameBuffer implements NumericSink {
  readonly channels: number
  readonly maxChunk: number
  readonly samples: SampleArray
  readonly times: Float64Array

  constructor(format: NumericFormat, channels: number, frames: number) {
    this.channels = channels
    this.maxChunk = frames
    this.samples = allocateSamples(format, frames * channels)
    this.times = new Float64Array(frames)
  }

  position(): number {
    return 0
  }

  publish(): void {
    // Nothing to tell: the reader is the caller of pull(), which answers how many frames there are.
  }
}

/** Plain memory for pulled string frames. */
export class StringBuffer implements StringSink {
  readonly channels: number
  readonly maxChunk: number
  rows: string[][] = []
  times: number[] = []
  #row: string[] = []

  constructor(channels: number, frames: number) {
    this.channels = channels
    this.maxChunk = frames
  }

  put(channel: number, text: Uint8Array): void {
    this.#row[channel] = Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('utf8')
  }

  endFrame(time: number): void {
    this.rows.push(this.#row)
    this.times.push(time)
    this.#row = []
  }

  publish(): void {
    // The reader is the caller of pull().
  }
}
