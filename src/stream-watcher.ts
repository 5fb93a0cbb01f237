import type { NumericArray, SampleArray } from './channel-format.js'
import { whole } from './check.js'
import { Emitter } from './emitter.js'
import { DareplaneError } from './errors.js'
import { StreamInfo } from './lsl/stream-info.js'
import type { RingHandle } from './ring/allocate-ring.js'
import { RingReader } from './ring/ring-reader.js'
import type { TakeNewOptions } from './ring/ring-reader.js'
import { threadBell } from './ring/wake-bell.js'
import { ringWindows } from './ring/ring-windows.js'
import type { RingWindowsOptions } from './ring/ring-windows.js'
import type { OwnedWindow, Window, WindowData } from './ring/window.js'
import { safeName } from './safe-text.js'
import { chooseThread } from './workers/watcher/choose-thread.js'
import { connectOptions } from './workers/watcher/stream-identifier.js'
import type { ConnectOptions } from './workers/watcher/stream-identifier.js'
import { WATCHER_EVENTS } from './workers/watcher/watcher-api.js'
import type { Connected, EventMessage, WatcherEvents } from './workers/watcher/watcher-api.js'
import type { WatcherState } from './workers/watcher/watcher-board.js'
import { sizeWarning, watcherOptions } from './workers/watcher/watcher-options.js'
import type { StreamWatcherOptions } from './workers/watcher/watcher-options.js'
import { watcherStats } from './workers/watcher/watcher-stats.js'
import type { WatcherStats } from './workers/watcher/watcher-stats.js'
import { WatcherLink } from './workers/watcher/watcher-link.js'

const DEFAULT_TIMEOUT_S = 5

/**
 * Receives one LSL stream on a thread beside this one, into a ring in shared memory that this thread, and any worker it is
 * shared with, reads without a copy and without a lock. One thread owns a watcher; nothing here blocks it. `D` is the type of
 * the data, numbers unless said otherwise: `StreamWatcher<string[][]>` for markers, `StreamWatcher<Float32Array>` for EEG.
 *
 * @example
 * ```ts
 * import { StreamWatcher } from 'dareplane-utils'
 *
 * const watcher = await new StreamWatcher({ name: 'EEG', bufferSizeS: 1 }).connectToStream({ timeoutS: 10 })
 * for await (const { data, frames, channels, lost } of watcher.windows({ minFrames: 50 })) {
 *   console.log(`${frames} samples of ${channels} channels, ${lost} missing, the first value is ${data[0]}`)
 * }
 * ```
 */
export class StreamWatcher<D extends WindowData = NumericArray>
  extends Emitter<WatcherEvents>
  implements AsyncDisposable
{
  readonly name: string
  readonly #options: ReturnType<typeof watcherOptions>
  #link: WatcherLink | undefined
  #connected: Connected | undefined
  #info: StreamInfo | undefined
  #reader: RingReader<D> | undefined
  /** Absolute index of the first frame not yet adopted by update(). */
  #adopted = 0
  #lapped = 0

  /** Throws TypeError or RangeError naming the option. Nothing runs before {@link StreamWatcher.connectToStream}. */
  constructor(options: StreamWatcherOptions) {
    super(WATCHER_EVENTS)
    this.#options = watcherOptions(options)
    this.name = this.#options.name
  }

  /**
   * Finds the stream and starts receiving. It is the stream named like the watcher, of the `type`, `sourceId` and `predicate`
   * that are given besides; only another `name` here takes the place of the watcher's, and null that of any. Rejects within
   * its time limit (default 5 s) with ERR_STREAM_NOT_FOUND, ERR_STREAM_AMBIGUOUS, ERR_LIBLSL_NOT_FOUND or ERR_TIMEOUT, with
   * the reason of `signal` when that is aborted. Again after {@link StreamWatcher.disconnect} it makes a new ring.
   *
   * @example
   * ```ts
   * import { StreamWatcher } from 'dareplane-utils'
   *
   * const watcher = new StreamWatcher({ name: 'EEG' })
   * await watcher.connectToStream({ sourceId: 'amplifier-1', timeoutS: Infinity, signal: AbortSignal.timeout(60_000) })
   * ```
   */
  async connectToStream(options?: ConnectOptions): Promise<this> {
    const { timeoutS = DEFAULT_TIMEOUT_S, signal, name = this.name, ...which } = connectOptions(options)
    signal?.throwIfAborted()
    if (!['idle', 'disconnected', 'failed'].includes(this.state))
      throw new DareplaneError('ERR_ALREADY_CONNECTED', `watcher '${this.name}' is ${this.state}; disconnect it first`)
    const { name: _name, logger: _logger, thread, ...setup } = this.#options
    const link = new WatcherLink(chooseThread({ ...setup, thread }), setup, this.#listeners())
    this.#link = link
    const giveUp = (): void => void link.stop()
    signal?.addEventListener('abort', giveUp)
    try {
      link.board.state = 'connecting'
      const connected = await link.connect({ name, ...which }, timeoutS)
      signal?.throwIfAborted()
      this.#adopt(connected)
    } catch (error) {
      await link.stop()
      this.#link = undefined
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', giveUp)
    }
    return this
  }

  /** Adopts what the worker has published since the last call; answers how many samples. Never blocks, never copies. */
  update(): number {
    const written = this.#ring.written()
    const frames = written - this.#adopted
    this.#adopted = written
    return frames
  }

  /** Samples adopted and not yet taken. Settable: 0 when all were used, more to keep a remainder for the next time. */
  get nNew(): number {
    return Math.max(0, this.#adopted - this.#ring.cursor)
  }

  set nNew(frames: number) {
    whole({ from: 0 })('nNew', frames)
    this.#ring.cursor = this.#adopted - frames
  }

  /** The newest window up to the last {@link StreamWatcher.update}, oldest sample first: a view, not a copy. Leading zeros until the ring has filled. */
  unfoldBuffer(): D {
    return this.#ring.window(this.#adopted, this.#ring.frames).data
  }

  /** The stamps of {@link StreamWatcher.unfoldBuffer}, LSL clock seconds. */
  unfoldBufferT(): Float64Array {
    return this.#ring.window(this.#adopted, this.#ring.frames).times
  }

  /**
   * The samples since the last take, oldest first, empty when there are none; sets nNew to 0. At most one window: of more
   * than that the rest stays for the next call, in nNew. What was overwritten meanwhile is counted in `lost`. With
   * `into` it is a validated copy, for code with a memory: see {@link RingReader.takeNew}.
   */
  takeNew(options?: TakeNewOptions): Window<D> {
    this.update()
    const window = this.#ring.takeNew(options)
    this.#adopted = Math.max(this.#adopted, this.#ring.cursor)
    this.#noteLapped(window.lost)
    return window
  }

  /** The newest `n` samples, fewer if the stream is younger; at most one window. */
  latest(n: number): Window<D> {
    return this.#ring.latest(n)
  }

  /** A validated copy of the newest `n` samples, in `into` if given: safe to keep until the next copy into it, stamps included. */
  snapshot(n: number, into?: SampleArray): OwnedWindow<D> {
    return this.#ring.snapshot(n, into)
  }

  /**
   * Every sample from the first that was not taken yet, in windows of at least `minFrames` (default 1), as they arrive.
   * Wakes on data, keeps the process alive meanwhile, ends on disconnect or abort. Each iteration has a cursor of its own.
   * Throws ERR_WORKER_FAILED if the watcher's thread died.
   */
  windows(options: RingWindowsOptions = {}): AsyncGenerator<Window<D>> {
    const fromHere = (): RingReader<D> => {
      const { cursor } = this.#ring
      const reader = RingReader.attachToBell<D>(this.share(), threadBell())
      reader.cursor = cursor
      return reader
    }
    return ringWindows(fromHere, options, {
      lapped: lost => this.#noteLapped(lost),
      ended: () => {
        if (this.state === 'failed')
          throw new DareplaneError('ERR_WORKER_FAILED', `the thread of watcher '${this.name}' died`)
      },
    })
  }

  /** The ring's memory, and what it holds: post it to a worker, which reads it with `RingReader.attach(handle)`. */
  share(): RingHandle {
    if (this.#connected === undefined) throw this.#notConnected()
    const { name, type, sourceId, hostname, channelNames, channelUnits, channelTypes } = this.info
    const stream = { name, type, sourceId, hostname, channelNames, channelUnits, channelTypes }
    return { ...this.#connected.ring, stream }
  }

  /** The ring itself, as many slots as it has; live. Of a string stream: its entries. */
  get buffer(): SampleArray {
    return this.#ring.buffer
  }

  /** The stamps in the slots of {@link StreamWatcher.buffer}. */
  get bufferT(): Float64Array {
    return this.#ring.bufferT
  }

  /** The slot of {@link StreamWatcher.buffer} that the next frame goes to; live. */
  get currI(): number {
    return this.#ring.position
  }

  /** The newest stamp, LSL clock seconds, 0 before the first; live. */
  get lastT(): number {
    return this.#ring.lastT
  }

  get channelNames(): readonly string[] {
    return this.info.channelNames
  }

  /** The stream, with its metadata. */
  get info(): StreamInfo {
    if (this.#info === undefined) throw this.#notConnected()
    return this.#info
  }

  /** Live. */
  get state(): WatcherState {
    return this.#link?.board.state ?? 'idle'
  }

  /** Live. */
  get stats(): WatcherStats {
    const link = this.#link
    const connected = this.#connected
    if (link === undefined || connected === undefined) throw this.#notConnected()
    return watcherStats(link.board.read(), connected, this.state, {
      frames: this.#ring.written(),
      lapped: this.#lapped,
    })
  }

  /** Stops receiving within 150 ms and resolves when all is released, for which liblsl takes 500 ms. What was received stays readable. Idempotent. */
  async disconnect(): Promise<void> {
    await this.#link?.stop()
  }

  /** For `await using`: the same as {@link StreamWatcher.disconnect}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect()
  }

  get #ring(): RingReader<D> {
    if (this.#reader === undefined) throw this.#notConnected()
    return this.#reader
  }

  #adopt(connected: Connected): void {
    this.#connected = connected
    this.#info = new StreamInfo(connected.info)
    this.#reader = RingReader.attach<D>(connected.ring)
    // The reader begins at the first frame, although some may have come since the ring was made.
    this.#reader.cursor = 0
    this.#adopted = 0
    this.update()
    this.#warnOfSize(connected)
  }

  #warnOfSize({ ring, info }: Connected): void {
    const { bufferSizeS, bufferSamples, logger } = this.#options
    const warning = info.nominalSrate === 0 || bufferSamples !== undefined ? undefined : sizeWarning(bufferSizeS, ring)
    if (warning === undefined) return
    if (logger === undefined) process.emitWarning(safeName(`watcher '${this.name}': ${warning}`), 'DareplaneWarning')
    else logger.warn({ stream: this.name }, warning)
  }

  #listeners(): ConstructorParameters<typeof WatcherLink>[2] {
    return {
      event: ({ event, detail }: EventMessage) => this.#tell(event, detail),
      failed: reason => this.#tell('failed', { reason }),
      forced: afterMs => this.#options.logger?.error({ stream: this.name, afterMs }, 'watcher did not stop in time'),
    }
  }

  #tell<Name extends keyof WatcherEvents>(event: Name, detail: WatcherEvents[Name][0]): void {
    const fields: Record<string, unknown> = { stream: this.name, ...detail }
    if (event === 'recovered') this.#options.logger?.info(fields, 'stream recovered')
    else this.#options.logger?.warn(fields, `stream ${event}`)
    this.emit(event, ...([detail] as WatcherEvents[Name]))
  }

  #noteLapped(lost: number): void {
    if (lost === 0) return
    this.#lapped += lost
    this.#tell('lapped', { lost })
  }

  #notConnected(): DareplaneError {
    return new DareplaneError('ERR_NOT_CONNECTED', `watcher '${this.name}' has not connected to a stream`)
  }
}
