import { missingInFooter } from './describe-xdf.js'
import type { FileDescription, StreamDescription } from './describe-xdf.js'
import { called } from './recorded-chunks.js'

/** What is wrong with a recording, one line each: where it does not hold what it says, or says that something is missing. */
export function faultsOf({ streams, damage }: FileDescription): string[] {
  return [...damage, ...(streams.length === 0 ? ['it holds no stream'] : []), ...streams.flatMap(streamFaults)]
}

function streamFaults({ stream, frames, footer, counted, clockOffsets, gaps, gapFrames }: StreamDescription): string[] {
  const faults: string[] = []
  if (footer === undefined) faults.push("has no footer: its recording was never ended; 'dareplane xdf repair' ends it")
  else if (Number.isNaN(counted)) faults.push('has a footer without a sample count')
  else if (counted !== frames) faults.push(`holds ${frames} samples, and its footer says ${counted}`)
  for (const [cause, samples] of missingInFooter(footer))
    faults.push(`misses ${samples} samples (${cause}), says its footer`)
  if (gaps > 0) faults.push(`has ${gaps} gaps in its stamps, of ${gapFrames} samples in all`)
  if (frames > 0 && clockOffsets.length === 0)
    faults.push('has no clock offsets: its stamps cannot be compared with others')
  return faults.map(fault => `${called(stream)} ${fault}`)
}
