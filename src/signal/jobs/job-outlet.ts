import type { RingOutlet } from '../../lsl/engine.js'
import { StreamInfo } from '../../lsl/stream-info.js'
import type { StreamFields } from '../../lsl/stream-fields.js'
import type { StreamInfoOptions } from '../../lsl/stream-info.js'
import { chosenOutlet } from '../../lsl/stream-outlet.js'
import type { StreamOutletOptions } from '../../lsl/stream-outlet.js'
import { allocateRing } from '../../ring/allocate-ring.js'
import type { RingHandle } from '../../ring/allocate-ring.js'

/** An outlet as a job gets it; structured-cloneable. */
export interface SharedOutlet {
  readonly ring: RingHandle
  readonly info: StreamFields
  /** What a job rings after writing. */
  readonly bell: SharedArrayBuffer
}

/** Seconds of samples that a job may be ahead of the thread that sends. */
const AHEAD_S = 10
const AHEAD_FRAMES = 4096

/**
 * An outlet that a module declares for its jobs: on the network as soon as it is made, before any START, so that a recorder sees it, and
 * still there after STOP. Jobs write into shared memory. With the builtin engine the network thread sends it and answers inlets, whatever
 * this thread does. With liblsl, whose pushes run on the thread that calls them, and with `networkThread: false`, this thread's event
 * loop sends it.
 */
export class JobOutlet implements AsyncDisposable {
  readonly info: StreamInfo
  readonly #outlet: RingOutlet
  readonly #ring: RingHandle

  /** Throws TypeError or RangeError naming the option, ERR_LIBLSL_NOT_FOUND. `networkThread` is true by default. */
  constructor(info: StreamInfo | StreamInfoOptions, options?: StreamOutletOptions) {
    const given = info instanceof StreamInfo ? info : new StreamInfo(info)
    const { engine, settings } = chosenOutlet(options, true)
    const { channelCount, channelFormat, nominalSrate } = given
    const frames = Math.max(AHEAD_FRAMES, Math.ceil(nominalSrate * AHEAD_S))
    this.#ring = allocateRing({ frames, channels: channelCount, format: channelFormat, nominalSrate })
    this.#outlet = engine.createRingOutlet(given, settings, this.#ring)
    this.info = this.#outlet.info
  }

  /** Whether any inlet is subscribed now. Throws ERR_WORKER_FAILED if the network thread has ended; so do the jobs' pushes. */
  get haveConsumers(): boolean {
    return this.#outlet.haveConsumers
  }

  /** Samples of jobs that were overwritten before they were sent: the thread that sends was behind by more than ten seconds of them. */
  get lost(): number {
    return this.#outlet.lost
  }

  /** What startJob() gives to the thread of a job. */
  share(): SharedOutlet {
    return { ring: this.#ring, info: this.info.fields, bell: this.#outlet.bell.buffer }
  }

  /** Sends what was written and takes the stream off the network; liblsl drops what it has not sent by then. Idempotent. */
  close(): Promise<void> {
    return this.#outlet.close()
  }

  /** For `await using`: the same as {@link JobOutlet.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
