/**
 * Recordings: write XDF files, and read them.
 *
 * @module dareplane-utils/xdf
 */
import './require-node.js'
export { openXdf } from './xdf/open-xdf.js'
export type { OpenXdfOptions, XdfProgress } from './xdf/open-xdf.js'
export { readXdf } from './xdf/read-xdf.js'
export type { XdfStream } from './xdf/read-xdf.js'
export type { XdfChunk, XdfStreamHeader } from './xdf/recorded-chunks.js'
export type { Interruption } from './xdf/documents.js'
export type { ClockOffset } from './xdf/stamps/clock-map.js'
export { XdfRecorder } from './recording/xdf-recorder.js'
export type { RecorderEvents, RecorderStats } from './recording/recorder-events.js'
export type { XdfRecorderOptions } from './recording/recorder-options.js'
export type { RecordingSummary } from './recording/recording-summary.js'
export type { MissingByCause, RecordedStreamStats } from './recording/recorded-stream.js'
export type { RecordedIdentifier, RecordedSelection } from './recording/selection.js'
