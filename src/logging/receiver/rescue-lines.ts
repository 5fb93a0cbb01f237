import { constants } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { AppendFile } from './append-file.js'

/** Writes what the log file `path` does not take into a new file beside it, or among the temporary files. Its path, or undefined. */
export async function rescueLines(path: string, lines: Buffer): Promise<string | undefined> {
  const name = `${basename(path)}.rescued-${process.pid}-${Date.now()}`
  for (const folder of [dirname(path), tmpdir()]) {
    try {
      const file = await AppendFile.open(join(folder, name), constants.O_EXCL)
      try {
        if ((await file.write(lines)) === lines.length) return file.path
      } finally {
        await file.close()
      }
    } catch {
      // This place does not take the file: the next one is tried.
    }
  }
  return undefined
}
