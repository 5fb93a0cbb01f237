import { RingBuffer } from '../ring/ring-buffer.js'
import { RingReader } from '../ring/ring-reader.js'
import type { RingHandle } from '../ring/allocate-ring.js'
import type { OwnedWindow, Window, WindowData } from '../ring/window.js'
import type { SamplesFrame, StringsFrame } from '../view/wire/frames.js'
import type { StreamDescription } from '../view/wire/status.js'

const IRREGULAR_FRAMES = 1000

/** A window of a {@link StreamReader}: `lost` has also what did not come through the connection. */
export type ReaderWindow = Window

/**
 * One stream as a page reads it: `latest`, `takeNew` and `windows` as a StreamWatcher in Node has them, over the same ring; in
 * shared memory where the page is cross-origin isolated, so that its workers can read it too.
 */
export class StreamReader {
  readonly info: StreamDescription
  readonly #ring: RingBuffer
  readonly #reader: RingReader
  #missed = 0
  #lost = 0
  #wake = new Set<() => void>()
  #isClosed = false

  /** @internal */
  constructor(info: StreamDescription, bufferSizeS: number) {
    const { channels, format, nominalSrate } = info
    const frames = nominalSrate === 0 ? IRREGULAR_FRAMES : Math.max(1, Math.round(nominalSrate * bufferSizeS))
    this.info = info
    this.#ring = RingBuffer.allocate({ frames, channels, format, nominalSrate, maxChunk: frames })
    this.#reader = RingReader.attach(this.#ring.share())
  }

  get channelNames(): readonly string[] {
    return this.info.channelNames
  }

  /** Frames that the view could not send in time, or that were overwritten in its ring or in ours before they were taken. */
  get lost(): number {
    return this.#lost
  }

  /** The stamp of the newest frame, LSL clock seconds; 0 before the first. */
  get lastT(): number {
    return this.#reader.lastT
  }

  /** The newest `n` frames, fewer if the stream is younger; at most one window. */
  latest(n: number): Window {
    return this.#reader.latest(n)
  }

  /** A copy of the newest `n` frames, safe to keep. */
  snapshot(n: number): OwnedWindow {
    return this.#reader.snapshot(n)
  }

  /** The frames since the last take, oldest first, empty when there are none. */
  takeNew(): ReaderWindow {
    const window = this.#reader.takeNew()
    const { data, times, frames, channels, start } = window
    const lost = window.lost + this.#missed
    this.#missed = 0
    this.#lost += window.lost
    return { data, times, frames, channels, start, lost, isIntact: () => window.isIntact() }
  }

  /** Every frame from the first that was not taken, as it arrives. Ends on abort, or when the stream or the connection is closed. */
  async *windows({
    signal,
    minFrames = 1,
  }: { readonly signal?: AbortSignal; readonly minFrames?: number } = {}): AsyncGenerator<ReaderWindow> {
    if (!Number.isInteger(minFrames) || minFrames < 1 || minFrames > this.#reader.frames)
      throw new RangeError(`minFrames must be a whole number from 1 to ${this.#reader.frames}, got ${minFrames}`)
    const abort = (): void => this.#wakeAll()
    signal?.addEventListener('abort', abort)
    try {
      while (signal?.aborted !== true) {
        const waiting = this.#reader.written() - this.#reader.cursor
        if (waiting >= minFrames || (this.#isClosed && waiting > 0)) yield this.takeNew()
        else if (this.#isClosed) return
        else await new Promise<void>(resolve => this.#wake.add(resolve))
      }
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  /** The ring's memory, for a worker of the page, which reads it with `RingReader.attach(handle)`. */
  share(): RingHandle {
    return this.#ring.share()
  }

  /** @internal */
  append(frame: SamplesFrame | StringsFrame): void {
    this.#missed += frame.missed
    this.#lost += frame.missed
    const data: WindowData = frame.kind === 3 ? frame.rows : frame.samples
    this.#ring.addSamples(data, frame.stamps)
    this.#wakeAll()
  }

  /** @internal */
  close(): void {
    this.#isClosed = true
    this.#wakeAll()
  }

  #wakeAll(): void {
    const sleepers = this.#wake
    this.#wake = new Set()
    for (const wake of sleepers) wake()
  }
}
