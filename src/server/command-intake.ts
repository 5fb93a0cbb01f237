import { CommandSplitter, type Readiness } from './command-splitter.js'
import type { ServerSettings } from './server-options.js'

/** A command still arriving after this long at its time limit comes from a client that drips. */
const DRIP_MS = 1000

export interface IntakeEvents {
  /** Pieces of the stream that are complete, in order. */
  readonly onPieces: (pieces: readonly string[]) => void
  /** A command was longer than the limit; nothing more comes out. */
  readonly onOverflow: () => void
  /** A command did not complete in time and was dropped; its client may have been dripping all the while. */
  readonly onStale: (text: string, isDripping: boolean) => void
}

/** A CommandSplitter with the clock that it does without: what silence and the time limit of a command end. */
export class CommandIntake {
  readonly #settings: ServerSettings
  readonly #events: IntakeEvents
  readonly #splitter: CommandSplitter
  #quiet: NodeJS.Timeout | undefined
  #limit: NodeJS.Timeout | undefined
  #beganAt = 0
  #lastByteAt = 0

  constructor(settings: ServerSettings, readiness: (piece: string) => Readiness, events: IntakeEvents) {
    this.#settings = settings
    this.#events = events
    this.#splitter = new CommandSplitter(settings.framing, settings.maxCommandBytes, readiness)
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
    this.#events.onPieces(this.#splitter.quiet())
  }

  /** Stops the clocks. Idempotent. */
  close(): void {
    clearTimeout(this.#quiet)
    this.#stopLimit()
  }

  #watchTail(hasRestarted: boolean): void {
    clearTimeout(this.#quiet)
    if (hasRestarted || this.#splitter.tail === '') this.#stopLimit()
    if (this.#splitter.tail === '') return
    const { framing, quietMs, commandTimeoutMs } = this.#settings
    if (framing === 'tolerant') this.#quiet = setTimeout(() => this.#onQuiet(), quietMs)
    if (this.#limit !== undefined) return
    this.#beganAt = this.#lastByteAt
    this.#limit = setTimeout(() => this.#onLimit(), commandTimeoutMs)
  }

  // A late timer comes before bytes that have long arrived; only when those were read was it silent.
  #onQuiet(): void {
    const lastByteAt = this.#lastByteAt
    setImmediate(() => {
      if (this.#lastByteAt !== lastByteAt) return
      this.#events.onPieces(this.#splitter.quiet())
      if (this.#splitter.tail === '') this.#stopLimit()
    })
  }

  #onLimit(): void {
    this.#limit = undefined
    const text = this.#splitter.tail
    this.#splitter.drop()
    this.#events.onStale(text, this.#lastByteAt - this.#beganAt > DRIP_MS)
  }

  #stopLimit(): void {
    clearTimeout(this.#limit)
    this.#limit = undefined
  }
}
