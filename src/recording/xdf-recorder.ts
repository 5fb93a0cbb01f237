import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { localClock } from '../clock.js'
import { Emitter } from '../emitter.js'
import { DareplaneError } from '../errors.js'
import { resolveByPred } from '../lsl/resolve.js'
import type { FromRecorder, RecorderFigures } from '../workers/recorder/recorder-messages.js'
import type { StreamWatcher } from '../stream-watcher.js'
import { packageFile } from '../system/package-file.js'
import { RecorderThread } from '../workers/recorder/recorder-thread.js'
import { RecordedStream } from './recorded-stream.js'
import { RECORDER_EVENTS } from './recorder-events.js'
import type { RecorderEvents, RecorderStats } from './recorder-events.js'
import { recorderOptions } from './recorder-options.js'
import type { XdfRecorderOptions } from './recorder-options.js'
import { summaryOf } from './recording-summary.js'
import type { RecordingSummary } from './recording-summary.js'
import { isMeant, selectionPredicate } from './selection.js'
import type { RecordedIdentifier } from './selection.js'
import { StreamFollower } from './stream-follower.js'

/** How often clock offsets are looked at. */
const LOOK_MS = 100

type State = 'idle' | 'recording' | 'stopped' | 'failed'

/**
 * Records LSL streams into an XDF file. Each stream is received on a thread of its own and written on one more, so that no
 * sample passes through this one; nothing here blocks it. Streams may appear late, disappear and come back. The file is on
 * the disk up to the last `flushS` whatever happens, and is never overwritten.
 */
export class XdfRecorder extends Emitter<RecorderEvents> implements AsyncDisposable {
  readonly #options: ReturnType<typeof recorderOptions>
  readonly #streams: RecordedStream[] = []
  #state: State = 'idle'
  #thread: RecorderThread | undefined
  #follower: StreamFollower | undefined
  #looking: NodeJS.Timeout | undefined
  #startedS = NaN
  #figures: RecorderFigures
  #trouble: string | undefined
  /** What the recording came to, once it was stopped. */
  readonly ended: Promise<RecordingSummary>
  #resolveEnded: (summary: RecordingSummary) => void = () => undefined
  #stopping: Promise<RecordingSummary> | undefined
  #nextId = 1

  /** Throws TypeError or RangeError naming the option. Nothing is written before {@link XdfRecorder.start}. */
  constructor(options: XdfRecorderOptions) {
    super(RECORDER_EVENTS)
    this.#options = recorderOptions(options)
    this.ended = new Promise(resolveEnded => (this.#resolveEnded = resolveEnded))
    this.#figures = { file: resolve(this.#options.file), bytes: 0, diskFree: undefined, streams: [] }
  }

  /**
   * Makes the file and begins: every stream that is there, or appears later, is recorded from when it is found. Rejects with
   * ERR_FILE_EXISTS, ERR_FILE_INVALID, or as the engine does. A recorder records once.
   */
  async start(): Promise<this> {
    if (this.#state !== 'idle')
      throw new DareplaneError('ERR_ALREADY_CONNECTED', 'a recorder records once; make another one')
    this.#state = 'recording'
    const { flushS, streams, holdS, engineOptions } = this.#options
    const predicate = selectionPredicate(streams)
    const setup = { file: this.#figures.file, flushS, recorder: recorderName() }
    try {
      // One search is made here, because a later one would tell of a wrong predicate only in the log.
      await resolveByPred(predicate, { minimum: 0, timeoutS: 0, ...engineOptions })
      this.#thread = new RecorderThread(
        setup,
        message => this.#hear(message),
        reason => this.#failed(reason),
      )
      await this.#thread.opened()
      this.#startedS = localClock()
    } catch (error) {
      this.#state = 'failed'
      await this.#thread?.stop({ do: 'stop', losses: [], withinMs: 0 })
      throw error
    }
    // The recorder was stopped meanwhile.
    if (this.#stopping !== undefined) return this
    this.#follower = new StreamFollower({
      predicate,
      holdS,
      engineOptions,
      recorded: () => this.#streams,
      connected: watcher => this.#add(watcher),
      refused: ({ name }, reason) => this.#tell('refused', { stream: name, reason }),
    })
    this.#looking = setInterval(() => this.#writeOffsets(), LOOK_MS)
    return this
  }

  get state(): State {
    return this.#state
  }

  /** Live; figures of the file are those of the last flush. */
  get stats(): RecorderStats {
    const { file, bytes, diskFree } = this.#figures
    return {
      file,
      bytes,
      diskFree,
      seconds: Number.isNaN(this.#startedS) ? 0 : localClock() - this.#startedS,
      trouble: this.#trouble,
      streams: this.#streams.map(({ stats }) => stats),
      absent: this.#absent,
    }
  }

  /**
   * Ends the recording and answers what is in the file and what is missing. Resolves within `stopWithinS` and about two
   * seconds, even if the disk hangs. Idempotent.
   */
  stop(): Promise<RecordingSummary> {
    this.#stopping ??= this.#end()
    return this.#stopping
  }

  /** For `await using`: the same as {@link XdfRecorder.stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #end(): Promise<RecordingSummary> {
    const isReleased = this.#follower?.close()
    clearInterval(this.#looking)
    this.#writeOffsets({ isEnd: true })
    const losses = this.#streams.map(stream => stream.losses)
    const withinMs = this.#options.stopWithinS * 1000
    const last = await this.#thread?.stop({ do: 'stop', losses, withinMs })
    if (last !== undefined) this.#adopt(last.figures)
    for (const stream of this.#streams) stream.hasEnded = true
    const notEnded = last === undefined ? (this.#trouble ?? 'it was never begun') : last.reason
    const summary = summaryOf(this.stats, notEnded)
    await Promise.all([isReleased, ...this.#streams.map(stream => stream.close())])
    if (this.#state !== 'failed') this.#state = 'stopped'
    this.#resolveEnded(summary)
    return summary
  }

  #add(watcher: StreamWatcher): void {
    const stream = new RecordedStream(this.#nextId++, watcher)
    const { id, info } = stream
    this.#streams.push(stream)
    stream.observe((event, detail) => {
      this.#tell('stream', { id, stream: info.name, event, detail })
      // The thread of its watcher has died: the stream is connected to again.
      if (event === 'failed') this.#follower?.found(info)
    })
    this.#thread?.send({ do: 'add', stream: stream.description })
    this.#tell('added', { id, stream: info.name, info })
  }

  #writeOffsets(when: { readonly isEnd?: boolean } = {}): void {
    for (const stream of this.#streams) {
      const offset = stream.offsetIfDue(this.#options.offsetsEveryS, when)
      if (offset !== undefined) this.#thread?.send({ do: 'offset', id: stream.id, ...offset })
    }
  }

  #hear(message: FromRecorder): void {
    if (message.tell === 'figures') this.#adopt(message.figures)
    else if (message.tell === 'trouble') {
      this.#trouble = message.reason
      this.#tell('trouble', { reason: message.reason })
    } else if (message.tell === 'well') {
      this.#trouble = undefined
      this.#tell('well')
    } else if (message.tell === 'moved') this.#tell('moved', { from: message.from, to: message.to })
  }

  #adopt(figures: RecorderFigures): void {
    this.#figures = figures
    for (const stream of this.#streams) {
      const before = stream.figures?.overwritten ?? 0
      const now = figures.streams.find(({ id }) => id === stream.id)
      if (now === undefined) continue
      stream.figures = now
      if (now.overwritten > before)
        this.#tell('overwritten', { id: stream.id, stream: stream.info.name, samples: now.overwritten - before })
    }
  }

  #failed(reason: string): void {
    this.#state = 'failed'
    this.#trouble = `the recorder's thread ended: ${reason}`
    this.#tell('failed', { reason })
  }

  get #absent(): RecordedIdentifier[] {
    const { streams } = this.#options
    if (typeof streams === 'string') return []
    return streams.filter(identifier => !this.#streams.some(({ info }) => isMeant(identifier, info)))
  }

  #tell<Name extends keyof RecorderEvents>(event: Name, ...detail: RecorderEvents[Name]): void {
    const { logger } = this.#options
    const text = `recorder: ${event}`
    const fields = { event, file: this.#figures.file, ...detail[0] }
    if (event === 'added' || event === 'well') logger?.info(fields, text)
    else logger?.warn(fields, text)
    this.emit(event, ...detail)
  }
}

function recorderName(): string {
  const { name, version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
    name: string
    version: string
  }
  return `${name} ${version}`
}
