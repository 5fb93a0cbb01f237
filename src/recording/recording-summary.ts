import type { RecordedStreamStats, MissingByCause } from './recorded-stream.js'
import type { RecordedIdentifier } from './selection.js'
import type { RecorderStats } from './recorder-events.js'

/** What a recording came to. */
export interface RecordingSummary {
  readonly file: string
  readonly bytes: number
  readonly seconds: number
  readonly streams: readonly RecordedStreamStats[]
  /** Streams that were asked for by identifier and never found. */
  readonly absent: readonly RecordedIdentifier[]
  /** Why the file could not be ended properly; `dareplane xdf repair` does so later. */
  readonly notEnded: string | undefined
  /** Whether nothing is missing, as far as anybody can know: a stream may have been silent at the end. */
  readonly isComplete: boolean
}

/** A regular stream that is silent for longer at the end, in seconds and in samples, has not just ended a moment earlier. */
const SILENT_S = 2
const SILENT_SAMPLES = 2

/** The summary of a recording that ended with these figures. */
export function summaryOf(
  { file, bytes, seconds, streams, absent }: RecorderStats,
  notEnded?: string,
): RecordingSummary {
  const isComplete =
    notEnded === undefined && absent.length === 0 && streams.every(({ missing }) => totalOf(missing) === 0)
  return { file, bytes, seconds, streams, absent, notEnded, isComplete }
}

/**
 * How long a regular stream had been silent when a recording of `seconds` ended: nobody knows what it would have sent. 0 where
 * it was not, or for a moment only; Infinity where it never sent a sample.
 */
export function silentS({ info, state, ageS }: RecordedStreamStats, seconds: number): number {
  const { nominalSrate } = info
  const isSilent = nominalSrate > 0 && (state !== 'connected' || ageS === Infinity)
  return isSilent && Math.min(ageS, seconds) > Math.max(SILENT_S, SILENT_SAMPLES / nominalSrate) ? ageS : 0
}

/** Samples that are missing, for whatever cause; a string that was cut counts as one. */
export function totalOf({ inGaps, overwritten, unsaved, gone, truncated }: MissingByCause): number {
  return inGaps + overwritten + unsaved + gone + truncated
}
