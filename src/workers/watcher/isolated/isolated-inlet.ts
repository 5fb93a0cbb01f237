import { DareplaneError } from '../../../errors.js'
import type { EngineInlet, FrameSink, TimeCorrection, TimeMeasurement } from '../../../lsl/engine.js'
import { StreamInfo } from '../../../lsl/stream-info.js'
import { PullWaiter } from '../../../lsl/pull-waiter.js'
import { BlockReader } from './frame-block-reader.js'
import { END_OF_STREAM, numericFrames, stringFrames } from './frame-block.js'
import type { BlockHeader, Remainder } from './frame-block.js'
import type { EngineProcess } from './engine-child.js'

/** So many blocks may wait here before the pipe is left to fill; what comes then waits in the engine. */
const MOST_BLOCKS = 64

/** The inlet of an {@link EngineProcess}, which it ends when it is closed. */
export class IsolatedInlet implements EngineInlet {
  readonly #process: EngineProcess
  readonly #info: StreamInfo
  readonly #blocks: Remainder[] = []
  readonly #waiter = new PullWaiter()
  #available = 0
  #correction: TimeCorrection | undefined
  #end: Error | undefined
  #closing: Promise<void> | undefined

  constructor(process: EngineProcess, info: StreamInfo) {
    this.#process = process
    this.#info = info
    const reader = new BlockReader((header, payload) => this.#take(header, payload))
    process.blocks.on('data', (piece: Buffer) => reader.push(piece))
    // What the process had written before its end arrives first.
    process.blocks.on('close', () => void process.ended.then(error => this.#ended(error)))
  }

  async open(timeoutS: number): Promise<void> {
    await this.#process.call(api => api.open(timeoutS))
  }

  async fullInfo(timeoutS: number): Promise<StreamInfo> {
    return new StreamInfo(await this.#process.call(api => api.fullInfo(timeoutS)))
  }

  pull(sink: FrameSink): number {
    if (this.#closing !== undefined) return 0
    if (this.#blocks.length === 0 && this.#end !== undefined) throw this.#end
    return this.#move(sink)
  }

  wait(wake: () => void, waitMs: number): void {
    this.#waiter.wait(wake, waitMs)
  }

  timeCorrection(): TimeCorrection | undefined {
    return this.#correction
  }

  /** Its engine does not recover: a watcher does, with another inlet. */
  wasClockReset(): boolean {
    return false
  }

  /** They stay in the process. */
  timeMeasurements(): readonly TimeMeasurement[] {
    return []
  }

  get dropped(): undefined {
    return undefined
  }

  samplesAvailable(): number {
    return this.#available
  }

  flush(): number {
    const frames = this.#blocks.splice(0).reduce((sum, block) => sum + block.frames, 0)
    this.#process.blocks.resume()
    return frames
  }

  close(): Promise<void> {
    this.#closing ??= this.#process.kill()
    this.#waiter.close()
    return this.#closing
  }

  #take({ frames, available, correction }: BlockHeader, payload: Buffer): void {
    if (frames === END_OF_STREAM) {
      // Whatever went wrong there, a new process can do better.
      const { message } = JSON.parse(payload.toString('utf8')) as { message: string }
      this.#ended(new DareplaneError('ERR_STREAM_LOST', message))
      return
    }
    this.#available = available
    this.#correction = correction
    if (frames === 0) return
    const { channelFormat, channelCount } = this.#info
    this.#blocks.push(
      channelFormat === 'string'
        ? stringFrames(payload, frames)
        : numericFrames(payload, frames, channelFormat, channelCount),
    )
    if (this.#blocks.length >= MOST_BLOCKS) this.#process.blocks.pause()
    this.#waiter.wake()
  }

  /** One publication of at most the sink's chunk. */
  #move(sink: FrameSink): number {
    const [block] = this.#blocks
    if (block === undefined) return 0
    const frames = Math.min(block.frames, sink.maxChunk)
    block.moveTo(sink, frames)
    if (block.frames === 0) this.#blocks.shift()
    if (this.#blocks.length < MOST_BLOCKS / 2) this.#process.blocks.resume()
    return frames
  }

  #ended(error: Error): void {
    this.#end ??= error
    this.#waiter.wake()
  }
}
