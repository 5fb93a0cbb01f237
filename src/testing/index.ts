/**
 * Jobs fed from arrays, in virtual time.
 *
 * @module dareplane-utils/testing
 */
import '../require-node.js'

export { runJob } from './run-job.js'
export type { JobRun, RunJobOptions, ScriptedMarker, ScriptedSignal, SentChunk } from './run-job.js'
