import type { SampleArray } from '../../channel-format.js'
import { localClock } from '../../clock.js'
import { Doorbell } from '../../lsl/outlet/doorbell.js'
import { checkStamps } from '../../lsl/push-arguments.js'
import { StreamInfo } from '../../lsl/stream-info.js'
import { MarkerWriter } from '../../ring/marker-writer.js'
import { RingWriter } from '../../ring/ring-writer.js'
import { flatSamples, stringRows } from '../../ring/sample-rows.js'
import type { SampleRows } from '../../ring/sample-rows.js'
import type { SharedOutlet } from './job-outlet.js'

/**
 * An outlet within a job: what is pushed is sent by another thread, see {@link JobOutlet}. One job at a time; never blocks. Pushing throws
 * ERR_WORKER_FAILED if that thread has ended.
 */
export class OutletWriter {
  readonly info: StreamInfo
  readonly #writer: RingWriter | MarkerWriter
  readonly #bell: Doorbell

  constructor({ ring, info, bell }: SharedOutlet) {
    this.info = new StreamInfo(info)
    this.#bell = new Doorbell(bell)
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
    this.#bell.check(this.info)
    checkStamps(timestamps, frames)
    if (this.#writer instanceof MarkerWriter) this.#writer.append(stringRows(data, frames, channelCount), timestamps)
    else this.#writer.append(flatSamples(this.#writer.samples, data, frames, channelCount), timestamps)
    this.#bell.ring()
  }
}
