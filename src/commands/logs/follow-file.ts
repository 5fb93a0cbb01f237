import { stat } from 'node:fs/promises'
import { setTimeout as after } from 'node:timers/promises'
import { DareplaneError, errorCode } from '../../errors.js'
import { CutLines } from './cut-lines.js'
import { LogSeries } from './log-series.js'

const POLL_MS = 200
/** How far back the last lines are looked for. */
const TAIL_BYTES = 4 * 1024 * 1024

/** Hands the last lines of a file to `show`, then each that is appended, also after the file was put aside or emptied. */
export async function followFile(
  path: string,
  { lines, follow, signal }: { readonly lines: number; readonly follow: boolean; readonly signal: AbortSignal },
  show: (line: string) => void,
): Promise<void> {
  const series = await openSeries(path)
  try {
    const cut = new CutLines()
    const tail: string[] = []
    const keep = (line: string): void => {
      tail.push(line)
      if (tail.length > lines) tail.shift()
    }
    if (series.startsInside) cut.skipOne()
    await series.read(bytes => cut.push(bytes, keep))
    if (!follow) cut.end(keep)
    for (const line of tail) show(line)
    while (follow && !signal.aborted) {
      await after(POLL_MS, undefined, { signal }).catch(() => undefined)
      await series.read(bytes => cut.push(bytes, show))
    }
  } finally {
    await series.close()
  }
}

async function openSeries(path: string): Promise<LogSeries> {
  try {
    if ((await stat(path)).isDirectory())
      throw new DareplaneError('ERR_FILE_INVALID', `The log file ${path} is no file`)
    return await LogSeries.open(path, TAIL_BYTES)
  } catch (cause) {
    if (cause instanceof DareplaneError) throw cause
    const reason = errorCode(cause) ?? 'error'
    throw new DareplaneError('ERR_FILE_INVALID', `The log file ${path} cannot be read (${reason})`, { cause })
  }
}
