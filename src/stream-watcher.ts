import { EventEmitter } from 'node:events'
import type { SampleArray } from './channel-format.js'
import { DareplaneError } from './errors.js'
import { StreamInfo } from './lsl/stream-info.js'
import type { RingHandle } from './ring/allocate-ring.js'
import { RingReader } from './ring/ring-reader.js'
import { ringWindows } from './ring/ring-windows.js'
import type { RingWindowsOptions } from './ring/ring-windows.js'
import type { OwnedWindow, Window, WindowData } from './ring/window.js'
import type { Connected, EventMessage, StreamIdentifier, WatcherEvents } from './workers/watcher-api.js'
import type { WatcherState } from './workers/watcher-board.js'
import { watcherOptions } from './workers/watcher-options.js'
import type { StreamWatcherOptions } from './workers/watcher-options.js'
import { watcherStats } from './workers/watcher-stats.js'
import type { WatcherStats } from './workers/watcher-stats.js'
import { WatcherThread } from './workers/watcher-thread.js'

/**
 * Receives one LSL stream on a thread of its own, into a ring in shared memory that this thread, and any worker it is
 * shared with, reads without a copy and without a lock. One thread owns a watcher; nothing here blocks it.
 */
export class StreamWatcher implements AsyncDisposable {
  readonly name: string
  readonly #options: ReturnType<typeof watcherOptions>
  readonly #events = new EventEmitter()
  #thread: WatcherThread | undefined
  #connected: Connected | undefined
  #info: StreamInfo | undefined
  #reader: RingReader | undefined
  /** Absolute index of the first frame not yet adopted by update(). */
  #adopted = 0
  #lapped = 0

  /** Throws TypeError or RangeError naming the option. Nothing runs before {@link StreamWatcher.connectToStream}. */
  constructor(options: StreamWatcherOptions) {
    this.#options = watcherOptions(options)
    this.name = options.name
  }

  /**
   * Finds the stream and starts receiving. Without an identifier it is the stream named like the watcher. Rejects within
   * its time limit (default 5 s) with ERR_STREAM_NOT_FOUND, ERR_STREAM_AMBIGUOUS, ERR_LIBLSL_NOT_FOUND or ERR_TIMEOUT.
   * Again after {@link StreamWatcher.disconnect} it makes a new ring.
   */
  async connectToStream(identifier: StreamIdentifier = {}): Promise<this> {
    const { timeoutS, ...which } = identifier
    if (timeoutS !== undefined && !(timeoutS >= 0 && Number.isFinite(timeoutS)))
      throw new RangeError(`timeoutS must be seconds of at least 0, not ${String(timeoutS)}`)
    if (!['idle', 'disconnected', 'failed'].includes(this.state))
      throw new DareplaneError('ERR_ALREADY_CONNECTED', `watcher '${this.name}' is ${this.state}; disconnect it first`)
    const given: unknown[] = Object.values(which)
    const asked = given.some(value => value !== undefined) ? identifier : { ...identifier, name: this.name }

    const { name: _name, logger: _logger, ...setup } = this.#options
    const thread = new WatcherThread(setup, this.#listeners())
    this.#thread = thread
    try {
      thread.board.state = 'connecting'
      this.#adopt(await thread.connect(asked))
    } catch (error) {
      await thread.stop()
      this.#thread = undefined
      throw error
    }
    return this
  }

  /** Adopts what the worker has published since the last call; answers how many frames. Never blocks, never copies. */
  update(): number {
    const written = this.#ring.written()
    const frames = written - this.#adopted
    this.#adopted = written
    return frames
  }

  /** Frames adopted and not yet taken. Settable: 0 when all were used, more to keep a remainder for the next time. */
  get nNew(): number {
    return Math.max(0, this.#adopted - this.#ring.cursor)
  }

  set nNew(frames: number) {
    if (!Number.isInteger(frames) || frames < 0)
      throw new RangeError(`nNew must be a whole number of frames, not ${String(frames)}`)
    this.#ring.cursor = this.#adopted - frames
  }

  /** The newest window up to the last {@link StreamWatcher.update}, oldest frame first: a view, not a copy. Leading zeros until the ring has filled. */
  unfoldBuffer(): WindowData {
    return this.#ring.window(this.#adopted, this.#ring.frames).data
  }

  /** The stamps of {@link StreamWatcher.unfoldBuffer}, LSL clock seconds. */
  unfoldBufferT(): Float64Array {
    return this.#ring.window(this.#adopted, this.#ring.frames).times
  }

  /**
   * The frames since the last take, oldest first, empty when there are none; sets nNew to 0. At most one window: of more
   * than that the rest stays for the next call, in nNew. What was overwritten meanwhile is counted in `lost`.
   */
  takeNew(): Window {
    this.update()
    const window = this.#ring.takeNew()
    this.#adopted = Math.max(this.#adopted, this.#ring.cursor)
    this.#noteLapped(window.lost)
    return window
  }

  /** The newest `n` frames, fewer if the stream is younger; at most one window. */
  latest(n: number): Window {
    return this.#ring.latest(n)
  }

  /** A validated copy of the newest `n` frames, in `into` if given: safe to keep. */
  snapshot(n: number, into?: SampleArray): OwnedWindow {
    return this.#ring.snapshot(n, into)
  }

  /**
   * Every frame from the first that was not taken yet, in windows of at least `minFrames` (default 1), as they arrive.
   * Wakes on data, keeps the process alive meanwhile, ends on disconnect or abort. Each iteration has a cursor of its own.
   * Throws ERR_WORKER_FAILED if the watcher's thread died.
   */
  async *windows(options: RingWindowsOptions = {}): AsyncGenerator<Window> {
    const { cursor } = this.#ring
    const reader = RingReader.attach(this.share())
    reader.cursor = cursor
    for await (const window of ringWindows(reader, options)) {
      this.#noteLapped(window.lost)
      yield window
    }
    if (this.state === 'failed')
      throw new DareplaneError('ERR_WORKER_FAILED', `the thread of watcher '${this.name}' died`)
  }

  /** The ring's memory: post it to a worker, which reads it with `RingReader.attach(handle)`. */
  share(): RingHandle {
    if (this.#connected === undefined) throw this.#notConnected()
    return this.#connected.ring
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
    return this.#thread?.board.state ?? 'idle'
  }

  /** Live. */
  get stats(): WatcherStats {
    const thread = this.#thread
    const connected = this.#connected
    if (thread === undefined || connected === undefined) throw this.#notConnected()
    return watcherStats(thread.board.read(), connected, { frames: this.#ring.written(), lapped: this.#lapped })
  }

  on<Name extends keyof WatcherEvents>(event: Name, listener: (...detail: WatcherEvents[Name]) => void): this {
    this.#events.on(event, listener as (...detail: unknown[]) => void)
    return this
  }

  off<Name extends keyof WatcherEvents>(event: Name, listener: (...detail: WatcherEvents[Name]) => void): this {
    this.#events.off(event, listener as (...detail: unknown[]) => void)
    return this
  }

  /** Stops receiving within 150 ms and resolves when all is released, for which liblsl takes 500 ms. What was received stays readable. Idempotent. */
  async disconnect(): Promise<void> {
    await this.#thread?.stop()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect()
  }

  get #ring(): RingReader {
    if (this.#reader === undefined) throw this.#notConnected()
    return this.#reader
  }

  #adopt(connected: Connected): void {
    this.#connected = connected
    this.#info = new StreamInfo(connected.info)
    this.#reader = RingReader.attach(connected.ring)
    // From the very first frame, whatever was published since the ring was made.
    this.#reader.cursor = 0
    this.#adopted = 0
    this.update()
  }

  #listeners(): ConstructorParameters<typeof WatcherThread>[1] {
    return {
      event: ({ event, detail }: EventMessage) => this.#tell(event, detail),
      failed: reason => this.#tell('failed', { reason }),
      forced: afterMs => this.#options.logger?.error({ stream: this.name, afterMs }, 'watcher thread terminated'),
    }
  }

  #tell<Name extends keyof WatcherEvents>(event: Name, detail: WatcherEvents[Name][0]): void {
    const fields: Record<string, unknown> = { stream: this.name, event, ...detail }
    if (event === 'recovered') this.#options.logger?.info(fields, 'stream event')
    else this.#options.logger?.warn(fields, 'stream event')
    this.#events.emit(event, detail)
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
