import type { FileHandle } from 'node:fs/promises'
import type { SampleArray } from '../../channel-format.js'
import { channelLabels } from '../../lsl/channel-labels.js'
import { openNewFile } from '../../system/new-file.js'
import { openXdf } from '../../xdf/open-xdf.js'
import type { OpenXdfOptions } from '../../xdf/open-xdf.js'
import type { XdfStreamHeader } from '../../xdf/recorded-chunks.js'
import { AS_RECORDED } from '../../xdf/stamps/stamp-correction.js'

/** In letters, of which each may take four of the 255 bytes of a file name. */
const LONGEST_NAME = 50

interface Written {
  readonly path: string
  readonly handle: FileHandle
  frames: number
}

/**
 * Writes each stream to a CSV file of its own, `start`_NAME.csv: a line of names, then a line for each sample, its stamp
 * first. Of any size. Rejects with ERR_FILE_EXISTS before one that is there is touched, and as openXdf() does.
 */
export async function writeCsv(
  file: string,
  start: string,
  { raw = false, ...options }: Pick<OpenXdfOptions, 'streams' | 'onProgress'> & { readonly raw?: boolean },
): Promise<{ readonly path: string; readonly frames: number }[]> {
  const files = new Map<number, Written>()
  const names = new Set<string>()
  try {
    for await (const chunk of openXdf(file, { ...options, ...(raw && AS_RECORDED) })) {
      if (chunk.kind === 'stream') {
        const path = `${start}_${freeName(chunk.stream, names)}.csv`
        const handle = await openNewFile(path)
        files.set(chunk.stream.id, { path, handle, frames: 0 })
        await handle.appendFile(line(['time', ...channelLabels(chunk.stream.desc, chunk.stream.channelCount)]))
      } else if (chunk.kind === 'samples') {
        const written = files.get(chunk.stream.id)
        if (written === undefined) continue
        written.frames += chunk.times.length
        await written.handle.appendFile(lines(chunk.samples, chunk.times, chunk.stream.channelCount))
      }
    }
  } finally {
    for (const { handle } of files.values()) await handle.close()
  }
  return Array.from(files.values(), ({ path, frames }) => ({ path, frames }))
}

function lines(samples: SampleArray | string[][], times: Float64Array, channels: number): string {
  let text = ''
  for (const [i, time] of times.entries()) {
    const row = Array.isArray(samples) ? (samples[i] ?? []) : Array.from(samples.subarray(i * channels, (i + 1) * channels), String) // prettier-ignore
    text += line([String(time), ...row])
  }
  return text
}

function line(cells: readonly string[]): string {
  return `${cells.map(cell => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`
}

/** A name that no other stream of the file has, and that a file can have. */
function freeName({ name, id }: XdfStreamHeader, taken: Set<string>): string {
  const plain = name.replace(/[^\p{L}\p{N}.-]+/gu, '-').slice(0, LONGEST_NAME) || 'stream'
  let free = plain
  // Where upper and lower case make no difference, 'EEG' and 'eeg' are one file.
  while (taken.has(free.toLowerCase())) free += `-${id}`
  taken.add(free.toLowerCase())
  return free
}
