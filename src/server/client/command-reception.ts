import { TimeLimit } from '../../system/time-limit.js'
import { isBlank } from '../wire/blank.js'
import { CommandSplitter, type Framing, type Readiness } from '../wire/command-splitter.js'

/** A command still arriving after this long at its time limit comes from a client that drips. */
const DRIP_MS = 1000

/** What ends a command: see the server's options of these names. */
export interface ReceptionLimits {
  readonly framing: Framing
  readonly maxCommandBytes: number
  readonly quietMs: number
  readonly commandTimeoutMs: number
}

export interface ReceptionEvents {
  /** Pieces of the stream that are complete, in order. */
  readonly onPieces: (pieces: readonly string[]) => void
  /** A command was longer than the limit; nothing more comes out. */
  readonly onOverflow: () => void
  /** A command did not complete, in time or at all, and was dropped; its client may have been dripping all the while. */
  readonly onStale: (text: string, isDripping: boolean) => void
}

/** A CommandSplitter with the clock that it does without: what silence and the time limit of a command end. */
export class CommandReception {
  readonly #isTolerant: boolean
  readonly #events: ReceptionEvents
  readonly #splitter: CommandSplitter
  readonly #quiet: TimeLimit
  readonly #limit: TimeLimit
  #beganAt = 0
  #lastByteAt = 0

  constructor(limits: ReceptionLimits, readiness: (piece: string) => Readiness, events: ReceptionEvents) {
    const { framing, maxCommandBytes, quietMs, commandTimeoutMs } = limits
    this.#isTolerant = framing === 'tolerant'
    this.#events = events
    this.#splitter = new CommandSplitter(framing, maxCommandBytes, readiness)
    this.#quiet = new TimeLimit(quietMs, () => this.#onQuiet())
    this.#limit = new TimeLimit(commandTimeoutMs, () => this.#onLimit())
  }

  push(bytes: string): void {
    this.#lastByteAt = performance.now()
    const pieces = this.#splitter.push(bytes)
    this.#events.onPieces(pieces)
    if (this.#splitter.overflowed) this.#events.onOverflow()
    else this.#watchTail(pieces.length > 0)
  }

  /** No more bytes will come: as good as silence. */
  end(): void {
    this.#events.onPieces(this.#splitter.end())
  }

  /** Drops the command that waits for silence to end it, if there is one; answers whether there was. */
  dropComplete(): boolean {
    const isDropped = this.#splitter.dropComplete()
    if (isDropped) {
      this.#quiet.stop()
      this.#limit.stop()
    }
    return isDropped
  }

  /** The client is gone: what it has not completed is dropped, and said. Stops the clocks. Idempotent. */
  close(): void {
    this.#quiet.stop()
    this.#limit.stop()
    const text = this.#splitter.tail
    this.#splitter.drop()
    if (!isBlank(text)) this.#events.onStale(text, false)
  }

  #watchTail(hasRestarted: boolean): void {
    this.#quiet.stop()
    if (hasRestarted || this.#splitter.tail === '') this.#limit.stop()
    if (this.#splitter.tail === '') return
    if (this.#isTolerant) this.#quiet.start()
    if (this.#limit.isRunning) return
    this.#beganAt = this.#lastByteAt
    this.#limit.start()
  }

  #onQuiet(): void {
    this.#events.onPieces(this.#splitter.quiet())
    if (this.#splitter.tail === '') this.#limit.stop()
  }

  #onLimit(): void {
    const text = this.#splitter.tail
    this.#splitter.drop()
    this.#events.onStale(text, this.#lastByteAt - this.#beganAt > DRIP_MS)
  }
}
