import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { LogRecord } from '../wire/log-record.js'
import { recordLine } from '../wire/record-line.js'
import { safeParts } from '../wire/safe-parts.js'
import { tell } from './tell.js'

// Windows has no O_NOFOLLOW.
const FLAGS =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | ((constants.O_NOFOLLOW as number | undefined) ?? 0)

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

/**
 * Appends the lines of `records`, before it returns, and says on stderr where they are; to the folder for temporary files
 * when the path cannot be written. Follows no symbolic link, and writes into no file of somebody else.
 */
export function appendToCrashFile(path: string, records: readonly LogRecord[]): void {
  if (records.length === 0) return
  const lines = records.map(record => `${recordLine(safeParts(record, record.msg))}\n`).join('')
  for (const candidate of [path, join(tmpdir(), basename(path))]) {
    if (!append(candidate, lines)) continue
    tell(`errors that may have reached no log server are in ${candidate}`)
    return
  }
  tell(`errors that reached no log server could not be written to ${path} either`)
}

function append(path: string, lines: string): boolean {
  try {
    const file = openSync(path, FLAGS, 0o600)
    try {
      const { uid } = fstatSync(file)
      if (process.getuid !== undefined && uid !== process.getuid()) return false
      writeSync(file, lines)
      return true
    } finally {
      closeSync(file)
    }
  } catch {
    return false
  }
}
