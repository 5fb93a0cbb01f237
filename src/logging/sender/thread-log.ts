import * as threads from 'node:worker_threads'
import { logThreadName } from '../thread-name.js'
import { allocateLogRing } from './thread-ring/log-ring-layout.js'
import { LogRingWriter } from './thread-ring/log-ring-writer.js'
import type { RingRegistration, SourceDefinition } from './transport-messages.js'
import { OWNER_KEY, REGISTRY, transportOwner } from './transport-owner.js'

const MAIN_BYTES = 8 * 1024 * 1024
/** Memory is taken up only for as much as ever waited: a thread whose lines are taken as they come costs little. */
const WORKER_BYTES = 4 * 1024 * 1024

/** True in the thread that starts the transport: the main thread, unless that knows nothing of this library. */
export const isOwner = threads.isMainThread || (threads.getEnvironmentData(OWNER_KEY) as unknown) === undefined

let ring: LogRingWriter | undefined
let hasEnded = false
const sources = new Map<string, LogSource>()

/** This thread's way to the transport, the same for all its loggers; made at the first line. */
function threadRing(): LogRingWriter {
  if (ring) return ring
  const writer = openRing()
  ring = writer
  if (!isOwner) {
    process.once('exit', () => {
      hasEnded = true
      writer.close()
    })
  }
  return writer
}

function openRing(): LogRingWriter {
  const writer = new LogRingWriter(allocateLogRing(isOwner ? MAIN_BYTES : WORKER_BYTES))
  const registration: RingRegistration = { thread: threads.threadId, buffer: writer.buffer }
  if (isOwner) {
    transportOwner().register(registration)
  } else {
    const registry = new threads.BroadcastChannel(REGISTRY)
    registry.postMessage(registration)
    registry.close()
  }
  return writer
}

/** One name and server as the transport knows it. */
export class LogSource {
  readonly #number: number
  readonly definition: SourceDefinition
  #isDefined = false

  constructor(number: number, definition: SourceDefinition) {
    this.#number = number
    this.definition = definition
  }

  /** Hands a line to the transport; never waits, but in handlers of 'exit': after them nobody could. */
  write(pinoLevel: number, created: number, line: string): void {
    if (hasEnded) {
      this.#writeLast(pinoLevel, created, line)
      return
    }
    const writer = threadRing()
    this.#isDefined ||= writer.define(this.#number, this.definition)
    writer.write(this.#number, pinoLevel, created, line)
    if (isOwner) transportOwner().deliverLast()
  }

  /** The ring of this thread is closed, and perhaps forgotten: the line gets one of its own. */
  #writeLast(pinoLevel: number, created: number, line: string): void {
    const writer = openRing()
    writer.define(this.#number, this.definition)
    writer.write(this.#number, pinoLevel, created, line)
    writer.close()
  }

  /** Resolves when this thread's lines are delivered, or the server is found to be away; at the latest after `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    await ring?.flush(timeoutMs)
  }
}

/** The source for `name` and a server, in this thread. */
export function logSource(name: string, to: { host: string; port: number; isPrinted: boolean }): LogSource {
  const { host, port, isPrinted } = to
  const threadName = logThreadName()
  const key = JSON.stringify([name, host, port, threadName, isPrinted])
  let source = sources.get(key)
  if (!source) {
    source = new LogSource(sources.size, { name, host, port, threadName, isPrinted })
    sources.set(key, source)
  }
  return source
}

/** The definition that this thread gave to source `number`. */
export function sourceDefinition(number: number): SourceDefinition | undefined {
  return [...sources.values()][number]?.definition
}

/** The first source of this thread, or undefined while nothing was logged to a server. */
export function firstSource(): LogSource | undefined {
  return ring && sources.values().next().value
}
