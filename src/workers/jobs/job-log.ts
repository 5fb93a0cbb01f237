import { setImmediate as nextTurn, setTimeout as after } from 'node:timers/promises'
import { allocateLogRing } from '../../logging/sender/thread-ring/log-ring-layout.js'
import { LogRingReader } from '../../logging/sender/thread-ring/log-ring-reader.js'

/** Memory for the lines of one job that were not taken yet: some 2000 short ones. */
const RING_BYTES = 256 * 1024
/** Lines taken in one turn of the event loop. Between two turns the server hears its clients. */
const SLICE = 64
/** How long an emptied ring is left alone before it is waited for: the call that ends a wait pays some 20 us in the job. */
const LINGER_MS = 2
/** How often it is told that lines are missing. */
const TELL_EVERY_MS = 1000

export interface JobLogListeners {
  /** One line of pino, and its level. */
  line(line: string, level: number): void
  /** So many lines found no place since the last call: the job logs faster than its lines can be taken. */
  missing(count: number): void
}

/**
 * Takes the log lines of one job's thread out of shared memory, a few in each turn of the event loop. A job that logs without
 * end costs neither memory nor the ears of the server: what finds no place is counted. Main thread.
 */
export class JobLog {
  /** For the thread of the job, which attaches a LogRingWriter. */
  readonly buffer = allocateLogRing(RING_BYTES)
  readonly #reader = new LogRingReader(this.buffer)
  readonly #listeners: JobLogListeners
  #missing = 0
  #toldAtMs = -Infinity

  constructor(listeners: JobLogListeners) {
    this.#listeners = listeners
    void this.#relay()
  }

  /** Resolves when all lines of a thread that has ended were taken. Idempotent. */
  async close(): Promise<void> {
    this.#reader.close()
    while (this.#takeSlice() > 0) await nextTurn()
    this.#tellMissing()
  }

  /** While the thread runs. It is what keeps the process alive, so the waits here need not. */
  async #relay(): Promise<void> {
    while (!this.#reader.isFinished) {
      const lines = this.#takeSlice()
      if (!this.#reader.isEmpty) await nextTurn()
      else if (lines > 0) await after(LINGER_MS, undefined, { ref: false })
      else await this.#reader.wait()
    }
  }

  #takeSlice(): number {
    let lines = 0
    for (; lines < SLICE; lines++) {
      const entry = this.#reader.next()
      if (entry === undefined) break
      // Entries of level 0 are the writer's own and carry no text.
      if (entry.level > 0) this.#listeners.line(entry.text, entry.level)
    }
    this.#reader.release()
    for (const count of this.#reader.takeDropped() ?? []) this.#missing += count
    if (performance.now() - this.#toldAtMs >= TELL_EVERY_MS) this.#tellMissing()
    return lines
  }

  #tellMissing(): void {
    if (this.#missing === 0) return
    const missing = this.#missing
    this.#missing = 0
    this.#toldAtMs = performance.now()
    this.#listeners.missing(missing)
  }
}
