import { PINO_LEVEL } from '../wire/levels.js'
import { consoleLine } from './console-line.js'
import { pythonRecord } from './pino-record.js'
import { DEFINITION, FLUSH } from './thread-ring/log-ring-layout.js'
import { LogRingReader } from './thread-ring/log-ring-reader.js'
import type { LogEntry } from './thread-ring/log-ring-reader.js'
import { writeNow } from './tell.js'
import { UNKNOWN_SOURCE } from './transport-messages.js'
import type { RingRegistration, SourceDefinition } from './transport-messages.js'

interface PrintedRing {
  readonly thread: number
  readonly reader: LogRingReader
  readonly sources: Map<number, SourceDefinition>
}

/** Prints the lines of all rings to stderr: where the transport thread cannot run, nothing is lost in silence. */
export class PrintedRings {
  readonly #rings = new Set<PrintedRing>()

  /** Prints a thread's lines from now on, until the thread has ended. */
  async attach({ thread, buffer }: RingRegistration): Promise<void> {
    const ring: PrintedRing = { thread, reader: new LogRingReader(buffer), sources: new Map() }
    this.#rings.add(ring)
    while (!ring.reader.isFinished) {
      this.#print(ring)
      await ring.reader.wait()
    }
    this.#print(ring)
    this.#rings.delete(ring)
  }

  /** A thread has ended, perhaps without saying so. */
  closed(thread: number): void {
    for (const ring of this.#rings) if (ring.thread === thread) ring.reader.close()
  }

  /** Prints what there is, before it returns. */
  printAll(): void {
    for (const ring of this.#rings) this.#print(ring)
  }

  #print(ring: PrintedRing): void {
    let lines = ''
    for (let entry = ring.reader.next(); entry; entry = ring.reader.next()) lines += lineOf(ring, entry)
    const dropped = ring.reader.takeDropped()
    if (dropped) lines += `dareplane: ${dropped.reduce((sum, count) => sum + count, 0)} log records were dropped\n`
    ring.reader.release()
    if (lines !== '') writeNow(lines)
  }
}

function lineOf({ thread, reader, sources }: PrintedRing, { source, level, created, text }: LogEntry): string {
  if (level === DEFINITION) {
    sources.set(source, JSON.parse(text) as SourceDefinition)
    return ''
  }
  if (level === FLUSH) {
    reader.answerFlush(source)
    return ''
  }
  const { name, threadName, isPrinted } = sources.get(source) ?? UNKNOWN_SOURCE
  if (isPrinted) return ''
  const origin = { name, threadName, thread, created, pinoLevel: Math.max(level, PINO_LEVEL.trace) }
  return `${consoleLine(pythonRecord(text, origin), false)}\n`
}
