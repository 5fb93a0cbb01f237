import { localClock } from '../../clock.js'
import { errorCode } from '../../errors.js'
import type { EngineInlet } from '../../lsl/engine.js'
import type { StreamInfo } from '../../lsl/stream-info.js'
import { MarkerWriter } from '../../ring/marker-writer.js'
import type { RingHandle } from '../../ring/allocate-ring.js'
import { RingReader } from '../../ring/ring-reader.js'
import { RingWriter } from '../../ring/ring-writer.js'
import type { WakeBell } from '../../ring/wake-bell.js'
import type { StopEvent } from '../../stop-event.js'
import { Burst } from './burst.js'
import { FOREIGN_CLOCKS, foreignClock } from './foreign-clock.js'
import { IngestMeter } from './ingest-meter.js'
import type { Gap } from './ingest-meter.js'
import type { Tell } from './watcher-api.js'
import type { WatcherBoard } from './watcher-board.js'

/** A stop is heard after one of these; well below the 100 ms that no call may exceed. */
const LONGEST_WAIT_MS = 50
/** The event loop gets a turn that often when data never pause. */
const YIELD_EVERY_S = 0.05
const CORRECTION_EVERY_S = 2

export interface PullLoopOptions {
  readonly info: StreamInfo
  readonly ring: RingHandle
  /** Where the measured clock offsets are kept. */
  readonly clock?: RingHandle
  /** Whether the engine adds the clock offset to the stamps. */
  readonly isSynchronized?: boolean
  readonly queueFrames: number
  readonly board: WatcherBoard
  readonly stop: StopEvent
  /** Whether others run on this thread, and its inlet leaves it to them while it waits. */
  readonly isShared?: boolean
  /** Wakes the owner of the ring, if it sleeps. */
  readonly bell?: WakeBell
  readonly tell: Tell
  /** A new inlet on the stream after it was lost; undefined when stopped meanwhile. */
  readonly recover: () => Promise<EngineInlet | undefined>
}

/** Moves frames from an inlet into a ring until it is stopped. Runs on a pull thread, which it occupies unless that is shared. */
export class PullLoop {
  readonly #options: PullLoopOptions
  readonly #writer: RingWriter | MarkerWriter
  readonly #times: Float64Array
  readonly #capacity: number
  readonly #meter: IngestMeter
  readonly #clock: RingWriter | undefined
  readonly #burst: Burst
  #inlet: EngineInlet
  #ended: () => void = () => undefined
  #failed: (reason: unknown) => void = () => undefined
  /** Inlets of lost streams that are still being released. */
  readonly #closing: Promise<void>[] = []
  /** What the next frames end: told once they are there. */
  #interrupted: 'lost' | 'stalled' | undefined
  #correctionDue = 0

  constructor(inlet: EngineInlet, options: PullLoopOptions) {
    const { info, ring } = options
    const { capacity } = RingReader.attach(ring)
    this.#options = options
    this.#inlet = inlet
    this.#writer = info.channelFormat === 'string' ? new MarkerWriter(ring) : new RingWriter(ring)
    // The whole slab: any chunk from its slot on is contiguous there.
    this.#times = new Float64Array(ring.times)
    this.#capacity = capacity
    this.#meter = new IngestMeter(info.nominalSrate)
    this.#clock = options.clock && new RingWriter(options.clock)
    this.#burst = new Burst(ring, options.isShared === true)
  }

  /** Resolves when stopped, with the inlet that is still open. Rejects on what cannot be recovered from. */
  async run(): Promise<EngineInlet> {
    try {
      await new Promise<void>((ended, failed) => {
        this.#ended = ended
        this.#failed = failed
        this.#go()
      })
    } finally {
      this.#writer.close()
      this.#clock?.close()
      this.#options.bell?.ring()
      await Promise.all(this.#closing)
    }
    return this.#inlet
  }

  /** Pulls what there is, and sees to it that it is called again. One callback for all pulls: a promise for each would be garbage. */
  readonly #go = (): void => {
    try {
      this.#pullAll()
    } catch (error) {
      this.#lost(error).then(this.#go, this.#failed)
    }
  }

  #pullAll(): void {
    const { stop, queueFrames } = this.#options
    const inlet = this.#inlet
    let frames = 1
    let yieldDue = 0
    for (let now = 0; frames > 0 && now <= yieldDue && !stop.isSet;) {
      if (!this.#burst.hasRoom()) {
        this.#burst.later(this.#go)
        return
      }
      const before = this.#writer.written
      // Asked before the pull, which makes room: what a full queue has dropped is missing just before the next frame.
      if (inlet.dropped === undefined && inlet.samplesAvailable() >= queueFrames) this.#meter.overflowed()
      frames = inlet.pull(this.#writer, LONGEST_WAIT_MS)
      this.#burst.pulled(frames === this.#writer.maxChunk)
      // That there is no more, just after there was something, is no silence.
      if (frames === 0 && now > 0) break
      now = localClock()
      yieldDue ||= now + YIELD_EVERY_S
      this.#pulled(before, frames, now)
    }
    if (stop.isSet) this.#ended()
    else if (frames === 0 && inlet.wait !== undefined) inlet.wait(this.#go, LONGEST_WAIT_MS)
    else setImmediate(this.#go)
  }

  /** The books of a pull that was over at `now`. */
  #pulled(before: number, frames: number, now: number): void {
    if (frames > 0) {
      this.#ring()
      this.#arrived(before, frames, now)
    } else this.#silent(now)
    if (now >= this.#correctionDue) this.#correct(now)
  }

  #ring(): void {
    const { bell, isShared } = this.#options
    // What arrived together, on the sockets of a shared thread, wakes the owner once.
    if (isShared === true) bell?.ringSoon()
    else bell?.ring()
  }

  #arrived(before: number, frames: number, now: number): void {
    const { board } = this.#options
    const { dropped } = this.#inlet
    if (dropped !== undefined) this.#meter.droppedByInlet(dropped)
    const first = before % this.#capacity
    const gap = this.#interrupted === undefined ? undefined : this.#meter.resumed(this.#times[first] ?? NaN)
    this.#meter.arrived(frames, this.#times, first, now)
    if (this.#interrupted === 'lost') this.#meter.figures.reconnections++
    board.publish(this.#meter.figures)
    // Last, so that who hears of it finds it in the figures.
    if (gap !== undefined) this.#resumed(gap)
    this.#checkClock(this.#times[first + frames - 1] ?? NaN, now)
  }

  /** Tells when the stamps begin to be of another clock than LSL's. */
  #checkClock(stamp: number, now: number): void {
    const { figures } = this.#meter
    const localS = stamp + (this.#options.isSynchronized === true ? 0 : figures.offsetS)
    // Not known before the first offset was measured: then it is NaN, and no clock is foreign.
    const clock = foreignClock(localS, now)
    const seen = clock === undefined ? 0 : 1 + FOREIGN_CLOCKS.indexOf(clock)
    if (seen === figures.foreignClock) return
    figures.foreignClock = seen
    this.#options.board.publish(figures)
    if (clock !== undefined) this.#options.tell('foreignClock', { clock, ageS: now - localS })
  }

  /** Keeps a measured offset for those who correct stamps; of stamps that are corrected already, that nothing is to be added. */
  #remember(offsetS: number, uncertaintyS: number, now: number): void {
    const left = this.#options.isSynchronized === true ? 0 : offsetS
    this.#clock?.append(Float64Array.of(left, uncertaintyS), Float64Array.of(now))
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
    const { reconnections } = this.#meter.figures
    this.#options.tell('recovered', { after, reconnections, ...gap })
  }

  #correct(now: number): void {
    const correction = this.#inlet.timeCorrection()
    // Until the first measurement is there it is asked for at every turn, which costs nothing.
    if (correction === undefined) return
    this.#correctionDue = now + CORRECTION_EVERY_S
    const { offsetS, uncertaintyS } = correction
    if (offsetS !== this.#meter.figures.offsetS) this.#remember(offsetS, uncertaintyS, now)
    this.#meter.figures.offsetS = offsetS
    this.#meter.figures.uncertaintyS = uncertaintyS
    this.#options.board.publish(this.#meter.figures)
  }

  /** Whatever an engine, a library or the system reports ends this connection only; a mistake of ours has no code, and is thrown. */
  async #lost(error: unknown): Promise<void> {
    if (errorCode(error) === undefined) throw error
    const { board, tell, recover, stop } = this.#options
    // What ends while we end is no loss.
    if (stop.isSet) return
    // A connection that ended before it brought anything is the same loss.
    const isNew = this.#interrupted !== 'lost'
    this.#interrupted = 'lost'
    board.state = 'lost'
    if (isNew) tell('lost', { reason: error instanceof Error ? error.message : String(error) })
    // Beside this thread: destroying takes liblsl 500 ms that the recovery need not wait for.
    this.#closing.push(this.#inlet.close())
    const inlet = await recover()
    if (inlet === undefined) return
    this.#inlet = inlet
    this.#meter.reconnected()
    this.#correctionDue = 0
  }
}
