import { randomUUID } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import { PINO_LEVEL } from '../wire/levels.js'
import { appendToCrashFile } from './crash-file.js'
import { DEFINITION, FLUSH } from './thread-ring/log-ring-layout.js'
import { LogRingReader } from './thread-ring/log-ring-reader.js'
import type { LogEntry } from './thread-ring/log-ring-reader.js'
import { pendingRecord, shape } from './pending-record.js'
import { ServerLink } from './link/server-link.js'
import { UNKNOWN_SOURCE } from './transport-messages.js'
import type { SourceDefinition } from './transport-messages.js'

/** Entries taken from one ring before the others, and the sockets, have their turn. */
const SLICE = 512
/**
 * How long an emptied ring is left alone before it is waited for: a call that has to wake this thread pays some 20 us for it,
 * and so only the first after a pause does.
 */
const LINGER_MS = 2
const GIVE_UP = { stalledMs: 1000, totalMs: 5000, crashMs: 220 }

interface Ring {
  readonly thread: number
  readonly reader: LogRingReader
  readonly sources: Map<number, SourceDefinition>
}

/** Moves the lines of all threads' rings to the log servers. Transport thread only. */
export class Transport {
  readonly #sender = randomUUID()
  readonly #rings = new Set<Ring>()
  readonly #links = new Map<string, ServerLink>()
  readonly #onUndelivered: (count: number) => void
  #progress = 0

  /** `onUndelivered` hears how many records are taken and not known to be delivered, before their place in the ring is free. */
  constructor(onUndelivered: (count: number) => void) {
    this.#onUndelivered = onUndelivered
  }

  /** Reads a thread's ring from now on, until the thread has ended. */
  async attach(thread: number, buffer: SharedArrayBuffer): Promise<void> {
    // The last words of a thread have a ring of their own, and come after its other lines.
    for (const before of this.#rings) if (before.thread === thread) this.#drain(before, Infinity)
    const ring: Ring = { thread, reader: new LogRingReader(buffer), sources: new Map() }
    this.#rings.add(ring)
    while (!ring.reader.isFinished) {
      const entries = this.#drain(ring, SLICE)
      if (!ring.reader.isEmpty) await new Promise(resolve => setImmediate(resolve))
      else if (entries > 0) await after(LINGER_MS)
      else await ring.reader.wait()
    }
    this.#rings.delete(ring)
  }

  /** Ends the reading of a thread that ended without saying so, once its ring is empty. */
  closed(thread: number): void {
    for (const ring of this.#rings) if (ring.thread === thread) ring.reader.close()
  }

  /** Delivers what there is, or gives up: when nothing moves for a second, or the server is away. */
  async end({ isCrash, crashFile }: { isCrash: boolean; crashFile: string | undefined }): Promise<void> {
    // This saves what has left the rings; what is still in the rings was saved by the thread that crashes.
    if (isCrash) this.#saveErrors(crashFile)
    for (const ring of this.#rings) this.#drain(ring, Infinity)
    const links = [...this.#links.values()]
    const ended = Promise.all(links.map(link => link.end({ isSaved: crashFile !== undefined }))).then(() => true)
    const totalMs = isCrash ? GIVE_UP.crashMs : GIVE_UP.totalMs
    const startMs = performance.now()
    for (let progress = -1; performance.now() - startMs < totalMs && progress !== this.#progress;) {
      progress = this.#progress
      if (await Promise.race([ended, after(Math.min(totalMs, GIVE_UP.stalledMs), false)])) break
    }
    if (!isCrash) this.#saveErrors(crashFile)
  }

  /** Takes up to `most` entries; returns how many. */
  #drain(ring: Ring, most: number): number {
    let entries = 0
    for (; entries < most; entries++) {
      const entry = ring.reader.next()
      if (!entry) break
      this.#take(ring, entry)
    }
    const dropped = ring.reader.takeDropped()
    if (dropped) this.#linkOf(ring.sources.values().next().value ?? UNKNOWN_SOURCE).addDropped(dropped)
    this.#report()
    ring.reader.release()
    return entries
  }

  #take(ring: Ring, { source, level, created, text }: LogEntry): void {
    if (level === DEFINITION) {
      ring.sources.set(source, JSON.parse(text) as SourceDefinition)
    } else if (level === FLUSH) {
      void this.#flush(ring, source)
    } else {
      const definition = ring.sources.get(source) ?? UNKNOWN_SOURCE
      const { name, threadName, isPrinted } = definition
      const origin = { name, threadName, isPrinted, thread: ring.thread }
      this.#linkOf(definition).push(pendingRecord(origin, level, created, text))
    }
  }

  async #flush(ring: Ring, number: number): Promise<void> {
    await Promise.all([...this.#links.values()].map(link => link.flush()))
    ring.reader.answerFlush(number)
  }

  #linkOf({ host, port }: SourceDefinition): ServerLink {
    const key = `${host} ${port}`
    let link = this.#links.get(key)
    if (!link) {
      link = new ServerLink({ host, port }, `${this.#sender} ${this.#links.size}`, () => {
        this.#progress++
        this.#report()
      })
      this.#links.set(key, link)
    }
    return link
  }

  #report(): void {
    let count = 0
    for (const link of this.#links.values()) count += link.undelivered
    this.#onUndelivered(count)
  }

  #saveErrors(crashFile: string | undefined): void {
    if (crashFile === undefined) return
    const records = [...this.#links.values()].flatMap(link => link.undeliveredRecords())
    appendToCrashFile(crashFile, records.filter(({ level }) => level >= PINO_LEVEL.error).map(shape))
  }
}
