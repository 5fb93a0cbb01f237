import type { SampleArray } from '../../channel-format.js'
import { localClock } from '../../clock.js'
import { StreamInfo } from '../../lsl/stream-info.js'
import { MarkerWriter } from '../../ring/marker-writer.js'
import { RingWriter } from '../../ring/ring-writer.js'
import { flatSamples, stringRows } from '../../ring/sample-rows.js'
import type { SampleRows } from '../../ring/sample-rows.js'
import type { SharedOutlet } from './job-outlet.js'

/** An outlet within a job: what is pushed is sent by the thread of the module. One job at a time; never blocks. */
export class OutletWriter {
  readonly info: StreamInfo
  readonly #writer: RingWriter | MarkerWriter

  constructor({ ring, info }: SharedOutlet) {
    this.info = new StreamInfo(info)
    this.#writer = this.info.channelFormat === 'string' ? new MarkerWriter(ring) : new RingWriter(ring)
  }

  /** Sends one sample, stamped now or at `timestamp`, LSL clock seconds. */
  pushSample(values: ArrayLike<number> | readonly string[], timestamp: number = localClock()): void {
    this.pushChunk([...(values as readonly number[])], Float64Array.of(timestamp))
  }

  /** Sends frames x channels, flat or as rows, with a stamp for each: those of the samples it was computed from. */
  pushChunk(data: SampleArray | readonly number[] | SampleRows, timestamps: Float64Array): void {
    const { channelCount } = this.info
    const frames = timestamps.length
    if (this.#writer instanceof MarkerWriter) this.#writer.append(stringRows(data, frames, channelCount), timestamps)
    else this.#writer.append(flatSamples(this.#writer.samples, data, frames, channelCount), timestamps)
  }
}
