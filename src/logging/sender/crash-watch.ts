import { threadId } from 'node:worker_threads'
import { appendToCrashFile } from './crash-file.js'
import { LogRingReader } from './thread-ring/log-ring-reader.js'
import type { LogRecord } from '../wire/log-record.js'
import { PINO_LEVEL } from '../wire/levels.js'
import { pythonRecord } from './pino-record.js'
import { firstSource, isOwner, sourceDefinition } from './thread-log.js'
import { UNKNOWN_SOURCE } from './transport-messages.js'
import type { RingRegistration } from './transport-messages.js'
import { transportOwner } from './transport-owner.js'
import { unixTimeS } from '../wall-clock.js'

let isWatching = false

/** Has a crash of this process logged, and its errors saved. Without effect where the transport is not owned, and twice. */
export function watchForCrash(): void {
  if (isWatching || !isOwner) return
  isWatching = true
  process.on('uncaughtExceptionMonitor', error => {
    // A program that handles uncaught exceptions itself does not crash.
    if (process.listenerCount('uncaughtException') > 0) return
    const source = firstSource()
    if (!source) return
    transportOwner().crash((crashFile, rings) => {
      const unread = [...rings].flatMap(unreadErrors)
      const { name, threadName } = source.definition
      const line = crashLine(error)
      const created = unixTimeS()
      const fatal = pythonRecord(line, { name, threadName, thread: threadId, pinoLevel: PINO_LEVEL.fatal, created })
      appendToCrashFile(crashFile, [...unread, fatal])
      source.write(PINO_LEVEL.fatal, created, line)
    })
  })
}

function crashLine(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify({ msg: `uncaught ${String(error)}` })
  const { name, message, stack } = error
  return JSON.stringify({ msg: `uncaught ${name}: ${message}`, err: { type: name, stack } })
}

/** Errors that the transport has not taken yet, and perhaps never will. Leaves them for it all the same. */
function unreadErrors({ thread, buffer }: RingRegistration): LogRecord[] {
  const reader = new LogRingReader(buffer)
  const records: LogRecord[] = []
  for (let entry = reader.next(); entry; entry = reader.next()) {
    if (entry.level < PINO_LEVEL.error) continue
    const { name, threadName } = (thread === threadId && sourceDefinition(entry.source)) || UNKNOWN_SOURCE
    records.push(pythonRecord(entry.text, { name, threadName, thread, pinoLevel: entry.level, created: entry.created }))
  }
  return records
}
