import { allocateSamples, bytesPerValue } from '../channel-format.js'
import type { NumericFormat, SampleArray } from '../channel-format.js'
import { Damaged } from './byte-cursor.js'
import type { ByteCursor } from './byte-cursor.js'
import type { StreamHeader } from './stream-header.js'

/** Collects the samples of one stream over its chunks. A sample that is not whole is left out, with all that follow in its chunk. */
export abstract class SampleCollector {
  readonly times: number[] = []
  readonly #interval: number
  #last = 0

  constructor(header: StreamHeader) {
    this.#interval = header.nominalSrate > 0 ? 1 / header.nominalSrate : 0
  }

  /** Adds the samples of one chunk; throws Damaged behind the last whole one. */
  addChunk(content: ByteCursor): void {
    const promised = content.variableLength()
    for (let i = 0; i < promised; i++) {
      const time = this.#stamp(content)
      this.addValues(content)
      this.times.push(time)
      this.#last = time
    }
  }

  /** Takes one sample's values; throws Damaged, with nothing taken, when they are not whole. */
  protected abstract addValues(content: ByteCursor): void
  abstract get samples(): SampleArray | string[][]

  #stamp(content: ByteCursor): number {
    const width = content.uint8()
    if (width === 0) return this.#last + this.#interval
    if (width === 8) return content.float64()
    throw new Damaged(`a stamp of ${width} bytes`)
  }
}

class NumericCollector extends SampleCollector {
  readonly #format: NumericFormat
  readonly #frameBytes: number
  readonly #frames: Buffer[] = []

  constructor(header: StreamHeader, format: NumericFormat) {
    super(header)
    this.#format = format
    this.#frameBytes = header.channelCount * bytesPerValue(format)
  }

  protected override addValues(content: ByteCursor): void {
    this.#frames.push(content.take(this.#frameBytes))
  }

  override get samples(): SampleArray {
    const values = allocateSamples(this.#format, (this.#frames.length * this.#frameBytes) / bytesPerValue(this.#format))
    // XDF is little-endian, and so is every machine that Node runs LSL on; the frames lie between stamps, hence the copy.
    const bytes = new Uint8Array(values.buffer)
    this.#frames.forEach((frame, i) => bytes.set(frame, i * this.#frameBytes))
    return values
  }
}

class StringCollector extends SampleCollector {
  readonly samples: string[][] = []
  readonly #channelCount: number

  constructor(header: StreamHeader) {
    super(header)
    this.#channelCount = header.channelCount
  }

  protected override addValues(content: ByteCursor): void {
    const row: string[] = []
    for (let c = 0; c < this.#channelCount; c++) row.push(content.take(content.variableLength()).toString('utf8'))
    this.samples.push(row)
  }
}

/** The collector for the format of `header`. */
export function collectorFor(header: StreamHeader): SampleCollector {
  return header.channelFormat === 'string'
    ? new StringCollector(header)
    : new NumericCollector(header, header.channelFormat)
}
