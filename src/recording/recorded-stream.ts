import { localClock } from '../clock.js'
import type { StreamInfo } from '../lsl/stream-info.js'
import type { StreamWatcher } from '../stream-watcher.js'
import type { NewStream, RecordedFigures, StreamLosses } from '../workers/recorder/recorder-messages.js'
import type { WatcherEvents } from '../workers/watcher/watcher-api.js'
import type { WatcherState } from '../workers/watcher/watcher-board.js'
import type { ClockOffset } from '../xdf/stamps/clock-map.js'
import type { Interruption } from '../xdf/documents.js'
import { strictHeader } from '../xdf/strict-header.js'
import { InterruptionLog, STREAM_EVENTS } from './interruption-log.js'
import type { StreamEvent } from './interruption-log.js'

/** A clock offset that is less certain is written only if there is no better one for a while. */
const POOR_OFFSET_S = 0.01

/** One stream of a recording. Figures of one moment. */
export interface RecordedStreamStats {
  /** Its number in the file. */
  readonly id: number
  readonly info: StreamInfo
  readonly state: WatcherState
  /** In the file. */
  readonly samples: number
  /** Samples per second over the last second or so; 0 for a stream that is silent. */
  readonly rate: number
  /** Seconds since the last sample arrived; Infinity before the first. */
  readonly ageS: number
  /** Seconds to add to its stamps; undefined until it was measured. */
  readonly clockOffsetS: number | undefined
  readonly missing: MissingByCause
  readonly interruptions: readonly Interruption[]
  readonly firstTime: number | undefined
  readonly lastTime: number | undefined
}

/** Samples that did not get into the file. */
export interface MissingByCause {
  /** Gaps in the stamps: in the device, in the network or while the stream was away. */
  readonly inGaps: number
  /** Overwritten in memory, as the disk was too slow. */
  readonly overwritten: number
  /** Not written when the recording had to end. */
  readonly unsaved: number
  /** In a file that is gone. */
  readonly gone: number
  /** Strings that were longer than 1 MiB, and were cut. */
  readonly truncated: number
}

/** A stream that is being recorded: its watcher, and what befell it. */
export class RecordedStream {
  readonly id: number
  /** Of every outlet that this stream has come from. */
  readonly uids: Set<string>
  readonly #watcher: StreamWatcher
  readonly #interruptions = new InterruptionLog()
  /** How often it came back from an outlet that is not known yet. */
  #comebacks = 0
  #offsetDue = 0
  #hasOffset = false
  figures: RecordedFigures | undefined
  /** Set when the recording has ended: what is not in the file by now never will be. */
  hasEnded = false

  constructor(id: number, watcher: StreamWatcher) {
    this.id = id
    this.#watcher = watcher
    this.uids = new Set([watcher.info.uid])
    this.#offsetDue = localClock()
  }

  get info(): StreamInfo {
    return this.#watcher.info
  }

  get state(): WatcherState {
    return this.#watcher.state
  }

  /** Tells `told` of all that befalls the stream, and keeps it for the footer. */
  observe(told: (event: StreamEvent, detail: object) => void): void {
    for (const event of STREAM_EVENTS) {
      this.#watcher.on(event, (detail: WatcherEvents[typeof event][0]) => {
        if (event === 'recovered' && (detail as WatcherEvents['recovered'][0]).after === 'lost') this.#comebacks++
        this.#interruptions.note(event, detail)
        told(event, detail)
      })
    }
  }

  /** Whether an outlet announces what this stream is: the same source in the same shape. */
  isLike(info: StreamInfo): boolean {
    const { fields } = this.info
    const same = ['name', 'type', 'sourceId', 'channelCount', 'channelFormat', 'nominalSrate'] as const
    return same.every(field => fields[field] === info.fields[field]) && (info.sourceId !== '' || fields.hostname === info.hostname) // prettier-ignore
  }

  /** Whether the stream has come back, or may still come back, from an outlet that was not known. */
  claims(uid: string): boolean {
    if (this.uids.has(uid)) return true
    if (this.#comebacks === 0) return false
    this.#comebacks--
    this.uids.add(uid)
    return true
  }

  /** What the recorder's thread needs to begin. */
  get description(): NewStream {
    const { channelCount, channelFormat, nominalSrate } = this.info
    return { id: this.id, channelCount, channelFormat, nominalSrate, headerXml: strictHeader(this.info.asXml()), ring: this.#watcher.share() } // prettier-ignore
  }

  /** The clock offset, if it is time to write it down again; at the end, if it was never written. */
  offsetIfDue(everyS: number, { isEnd = false } = {}): ClockOffset | undefined {
    const now = localClock()
    const isReachable = this.state === 'connected' || this.state === 'stalled'
    if (!isReachable || now < this.#offsetDue || (isEnd && this.#hasOffset)) return undefined
    const correction = this.#watcher.stats.timeCorrection
    if (correction === undefined) return undefined
    // The round trip was slow, on a busy machine or network: a better measurement is likely to come.
    const isPoor = correction.uncertaintyS > POOR_OFFSET_S
    if (isPoor && !isEnd && now < this.#offsetDue + everyS) return undefined
    this.#hasOffset = true
    this.#offsetDue = now + everyS
    // The time is on the clock of the stream, as LabRecorder writes it.
    return { time: now - correction.offsetS, offset: correction.offsetS }
  }

  get losses(): StreamLosses {
    return { id: this.id, inGaps: this.#watcher.stats.gapFrames, interruptions: this.#interruptions.all }
  }

  get stats(): RecordedStreamStats {
    const { rateByClock, ageS, timeCorrection, gapFrames } = this.#watcher.stats
    const {
      samples = 0,
      unsaved = 0,
      overwritten = 0,
      gone = 0,
      truncated = 0,
      firstTime,
      lastTime,
    } = this.figures ?? {}
    return {
      id: this.id,
      info: this.info,
      state: this.state,
      samples,
      rate: this.state === 'connected' ? rateByClock : 0,
      ageS,
      clockOffsetS: timeCorrection?.offsetS,
      missing: { inGaps: gapFrames, overwritten, unsaved: this.hasEnded ? unsaved : 0, gone, truncated },
      interruptions: this.#interruptions.all,
      firstTime,
      lastTime,
    }
  }

  close(): Promise<void> {
    return this.#watcher.disconnect()
  }
}
