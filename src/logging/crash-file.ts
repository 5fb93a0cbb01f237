import { appendFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { LogRecord } from './log-record.js'
import { recordLine } from './record-line.js'

/** Where errors of a crashing process are kept: `DAREPLANE_CRASH_LOG`, else dareplane_crash.log in the working directory. */
export function crashFilePath(): string {
  const name = process.env['DAREPLANE_CRASH_LOG'] ?? 'dareplane_crash.log'
  try {
    return resolve(name)
  } catch {
    // The working directory is gone.
    return join(tmpdir(), basename(name))
  }
}

/** Appends the lines of `records`, before it returns; to the folder for temporary files when the path cannot be written. */
export function appendToCrashFile(path: string, records: readonly LogRecord[]): void {
  if (records.length === 0) return
  const lines = records.map(record => `${recordLine({ ...record, text: record.msg })}\n`).join('')
  for (const candidate of [path, join(tmpdir(), basename(path))]) {
    try {
      appendFileSync(candidate, lines, { mode: 0o600 })
      return
    } catch {
      // The next place; when none can be written there is nobody left to tell.
    }
  }
}
