import { localClock } from '../clock.js'
import { errorCode } from '../errors.js'
import type { EngineInlet } from '../lsl/engine.js'
import type { StreamInfo } from '../lsl/stream-info.js'
import { MarkerWriter } from '../ring/marker-writer.js'
import type { RingHandle } from '../ring/allocate-ring.js'
import { RingReader } from '../ring/ring-reader.js'
import { RingWriter } from '../ring/ring-writer.js'
import type { StopEvent } from '../stop-event.js'
import { IngestMeter } from './ingest-meter.js'
import type { Gap } from './ingest-meter.js'
import type { Tell } from './watcher-api.js'
import type { WatcherBoard } from './watcher-board.js'

/** A stop is heard after one of these; well below the 100 ms that no call may exceed. */
const LONGEST_WAIT_MS = 50
/** The event loop gets a turn that often when data never pause. */
const YIELD_EVERY_S = 0.05
const CORRECTION_EVERY_S = 2
/** Catching up after a stall, the writer may use up a quarter of the slack in each of these: readers keep their windows that long at least. */
const GOVERNOR_S = 0.01
const GOVERNOR_SHARE = 0.25

export interface PullLoopOptions {
  readonly info: StreamInfo
  readonly ring: RingHandle
  readonly queueFrames: number
  readonly board: WatcherBoard
  readonly stop: StopEvent
  readonly tell: Tell
  /** A new inlet on the stream after it was lost; undefined when stopped meanwhile. */
  readonly recover: () => Promise<EngineInlet | undefined>
}

/** Moves frames from an inlet into a ring until it is stopped. Runs on the watcher's worker, which it occupies. */
export class PullLoop {
  readonly #options: PullLoopOptions
  readonly #writer: RingWriter | MarkerWriter
  readonly #times: Float64Array
  readonly #capacity: number
  readonly #meter: IngestMeter
  readonly #governedFrames: number
  #inlet: EngineInlet
  /** Inlets of lost streams that are still being released. */
  readonly #closing: Promise<void>[] = []
  /** What the next frames end: told once they are there. */
  #interrupted: 'lost' | 'stalled' | undefined
  #correctionDue = 0
  #yieldDue = 0
  #governorEnd = 0
  #governed = 0

  constructor(inlet: EngineInlet, options: PullLoopOptions) {
    const { info, ring } = options
    const { capacity, frames } = RingReader.attach(ring)
    this.#options = options
    this.#inlet = inlet
    this.#writer = info.channelFormat === 'string' ? new MarkerWriter(ring) : new RingWriter(ring)
    // The whole slab: any chunk from its slot on is contiguous there.
    this.#times = new Float64Array(ring.times)
    this.#capacity = capacity
    this.#meter = new IngestMeter(info.nominalSrate)
    this.#governedFrames = Math.max(1, Math.floor((capacity - frames - this.#writer.maxChunk) * GOVERNOR_SHARE))
  }

  /** Resolves when stopped, with the inlet that is still open. Rejects on what cannot be recovered from. */
  async run(): Promise<EngineInlet> {
    const { stop } = this.#options
    try {
      while (!stop.isSet) {
        try {
          const pending = this.#turn()
          if (pending !== undefined) await pending
        } catch (error) {
          if (errorCode(error) !== 'ERR_STREAM_LOST') throw error
          await this.#lost(error instanceof Error ? error.message : String(error))
        }
      }
    } finally {
      this.#writer.close()
      await Promise.all(this.#closing)
    }
    return this.#inlet
  }

  /** One pull and its books. A promise only where something has to be waited for: at each pull it would be garbage. */
  #turn(): Promise<void> | undefined {
    const before = this.#writer.written
    // Asked before the pull, which makes room: what a full queue has dropped is missing just before the next frame.
    if (this.#inlet.samplesAvailable() >= this.#options.queueFrames) this.#meter.overflowed()
    const pulling = this.#inlet.pull(this.#writer, LONGEST_WAIT_MS)
    return typeof pulling === 'number'
      ? this.#pulled(before, pulling)
      : pulling.then(frames => this.#pulled(before, frames))
  }

  #pulled(before: number, frames: number): Promise<void> | undefined {
    const now = localClock()
    if (frames > 0) this.#arrived(before, frames, now)
    else this.#silent(now)
    if (now >= this.#correctionDue) this.#correct(now)
    if (frames > 0 && now < this.#yieldDue) return undefined
    this.#yieldDue = now + YIELD_EVERY_S
    return new Promise(setImmediate)
  }

  #arrived(before: number, frames: number, now: number): void {
    const { board } = this.#options
    const first = before % this.#capacity
    const gap = this.#interrupted === undefined ? undefined : this.#meter.resumed(this.#times[first] ?? NaN)
    this.#meter.arrived(frames, this.#times, first, now)
    if (frames === this.#writer.maxChunk) this.#backlog(frames, now)
    board.publish(this.#meter.figures)
    // Last, so that who hears of it finds it in the figures.
    if (gap !== undefined) this.#resumed(gap)
  }

  /** There is more than one chunk to take: leave readers time. */
  #backlog(frames: number, now: number): void {
    if (now >= this.#governorEnd) {
      this.#governorEnd = now + GOVERNOR_S
      this.#governed = 0
    }
    this.#governed += frames
    if (this.#governed >= this.#governedFrames) this.#options.stop.wait((this.#governorEnd - now) * 1000)
  }

  #silent(now: number): void {
    if (this.#interrupted !== undefined || !this.#meter.stalledAt(now)) return
    this.#interrupted = 'stalled'
    this.#options.board.state = 'stalled'
    this.#options.tell('stalled', { ageS: now - this.#meter.figures.arrivalS })
  }

  #resumed(gap: Gap): void {
    const after = this.#interrupted ?? 'stalled'
    this.#interrupted = undefined
    this.#options.board.state = 'connected'
    const { epoch } = this.#meter.figures
    this.#options.tell('recovered', { after, epoch, ...gap })
  }

  #correct(now: number): void {
    const correction = this.#inlet.timeCorrection()
    // Until the first measurement is there it is asked for at every turn, which costs nothing.
    if (correction === undefined) return
    this.#correctionDue = now + CORRECTION_EVERY_S
    this.#meter.figures.offsetS = correction.offsetS
    this.#meter.figures.uncertaintyS = correction.uncertaintyS
    this.#options.board.publish(this.#meter.figures)
  }

  async #lost(reason: string): Promise<void> {
    const { board, tell, recover, stop } = this.#options
    // What ends while we end is no loss.
    if (stop.isSet) return
    this.#interrupted = 'lost'
    board.state = 'lost'
    tell('lost', { reason })
    // Beside this thread: destroying takes liblsl 500 ms that the recovery need not wait for.
    this.#closing.push(this.#inlet.close())
    const inlet = await recover()
    if (inlet === undefined) return
    this.#inlet = inlet
    this.#meter.figures.epoch++
    this.#correctionDue = 0
  }
}
