import { DareplaneError } from '../../errors.js'
import { StreamInfo } from '../../lsl/stream-info.js'
import type { StreamFields } from '../../lsl/stream-fields.js'
import type { StreamInfoOptions } from '../../lsl/stream-info.js'
import { StreamOutlet } from '../../lsl/stream-outlet.js'
import type { StreamOutletOptions } from '../../lsl/stream-outlet.js'
import { allocateRing } from '../../ring/allocate-ring.js'
import type { RingHandle } from '../../ring/allocate-ring.js'
import { RingReader } from '../../ring/ring-reader.js'
import { ringWindows } from '../../ring/ring-windows.js'
import type { WindowData } from '../../ring/window.js'

/** An outlet as a job gets it; structured-cloneable. */
export interface SharedOutlet {
  readonly ring: RingHandle
  readonly info: StreamFields
}

/** Seconds of samples that a job may be ahead of the module's thread. */
const AHEAD_S = 10
const AHEAD_FRAMES = 4096

/**
 * An outlet that a module declares for its jobs: on the network as soon as it is made, before any START, so that a recorder sees it, and
 * still there after STOP. Jobs write into shared memory; this thread sends it.
 */
export class JobOutlet implements AsyncDisposable {
  readonly info: StreamInfo
  readonly #outlet: StreamOutlet
  readonly #ring: RingHandle
  readonly #ended = new AbortController()
  readonly #sending: Promise<void>
  #lost = 0

  constructor(info: StreamInfo | StreamInfoOptions, options: StreamOutletOptions = {}) {
    this.#outlet = new StreamOutlet(info instanceof StreamInfo ? info : new StreamInfo(info), options)
    this.info = this.#outlet.info
    const { channelCount, channelFormat, nominalSrate } = this.info
    const frames = Math.max(AHEAD_FRAMES, Math.ceil(nominalSrate * AHEAD_S))
    this.#ring = allocateRing({ frames, channels: channelCount, format: channelFormat, nominalSrate })
    this.#sending = this.#send()
  }

  /** Whether any inlet is subscribed now. */
  get haveConsumers(): boolean {
    return this.#outlet.haveConsumers
  }

  /** Samples of jobs that were overwritten before this thread could send them: it was blocked for too long. */
  get lost(): number {
    return this.#lost
  }

  /** What startJob() gives to the thread of a job. */
  share(): SharedOutlet {
    return { ring: this.#ring, info: this.info.fields }
  }

  /** Sends what was written and takes the stream off the network. Idempotent. */
  async close(): Promise<void> {
    this.#ended.abort()
    await this.#sending
    await this.#outlet.close()
  }

  /** For `await using`: the same as {@link JobOutlet.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #send(): Promise<void> {
    const reader = RingReader.attach<WindowData>(this.#ring)
    for await (const window of ringWindows(reader, { signal: this.#ended.signal, copy: true })) this.#push(window)
    for (let left = reader.takeNew(); left.frames > 0; left = reader.takeNew()) this.#push(left)
  }

  #push({ data, times, lost }: { data: WindowData; times: Float64Array; lost: number }): void {
    this.#lost += lost
    try {
      this.#outlet.pushChunk(data, times)
    } catch (error) {
      // Closed meanwhile by someone else: what is left has nowhere to go.
      if (!(error instanceof DareplaneError && error.code === 'ERR_CLOSED')) throw error
    }
  }
}
