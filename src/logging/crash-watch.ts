import { threadId } from 'node:worker_threads'
import { appendToCrashFile } from './crash-file.js'
import { LogRingReader } from './log-ring-reader.js'
import type { LogRecord } from './log-record.js'
import { pythonRecord } from './python-record.js'
import { firstSource, isOwner, sourceDefinition } from './thread-log.js'
import { transportOwner } from './transport-owner.js'
import { unixTimeS } from './wall-clock.js'

const ERROR = 50
const FATAL = 60

let isWatching = false

/** Has a crash of this process logged, and its errors saved. Without effect where the transport is not owned, and twice. */
export function watchForCrash(): void {
  if (isWatching || !isOwner) return
  isWatching = true
  process.on('uncaughtExceptionMonitor', error => {
    // Whoever catches uncaught exceptions does not crash.
    if (process.listenerCount('uncaughtException') > 0) return
    const source = firstSource()
    if (!source) return
    transportOwner().crash((crashFile, rings) => {
      const unread = [...rings].flatMap(([thread, buffer]) => unreadErrors(thread, buffer))
      const { name, threadName } = source.definition
      const line = crashLine(error)
      const created = unixTimeS()
      const fatal = pythonRecord(line, { name, threadName, thread: threadId, pinoLevel: FATAL, created })
      appendToCrashFile(crashFile, [...unread, fatal])
      source.write(FATAL, created, line)
    })
  })
}

function crashLine(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify({ msg: `uncaught ${String(error)}` })
  const { name, message, stack } = error
  return JSON.stringify({ msg: `uncaught ${name}: ${message}`, err: { type: name, stack } })
}

/** Errors that the transport has not taken yet, and perhaps never will. Leaves them for it all the same. */
function unreadErrors(thread: number, buffer: SharedArrayBuffer): LogRecord[] {
  const reader = new LogRingReader(buffer)
  const records: LogRecord[] = []
  for (let entry = reader.next(); entry; entry = reader.next()) {
    if (entry.level < ERROR) continue
    const { name, threadName } = (thread === threadId && sourceDefinition(entry.source)) || UNKNOWN
    records.push(pythonRecord(entry.text, { name, threadName, thread, pinoLevel: entry.level, created: entry.created }))
  }
  return records
}

const UNKNOWN = { name: 'unknown', threadName: 'unknown' }
