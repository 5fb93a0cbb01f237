/**
 * Streams, commands, jobs and logs of a module.
 *
 * @module dareplane-utils
 */
// What the package exports, in the order and under the headings of the API reference (scripts/typedoc-headings.js reads them).

import './require-node.js'

// Streams in
export { StreamWatcher } from './stream-watcher.js'
export type { Ambiguity, Isolation, StreamWatcherOptions, ThreadUse } from './workers/watcher/watcher-options.js'
export type { ConnectOptions, StreamIdentifier } from './workers/watcher/stream-identifier.js'
export type { WatcherEvents } from './workers/watcher/watcher-api.js'
export type { WatcherState } from './workers/watcher/watcher-board.js'
export type { WatcherStats } from './workers/watcher/watcher-stats.js'
export type { OwnedWindow, Window, WindowData } from './ring/window.js'
export type { RingWindowsOptions } from './ring/ring-windows.js'

// Rings in shared memory
export { RingReader } from './ring/ring-reader.js'
export type { TakeNewOptions } from './ring/ring-reader.js'
export { RingBuffer } from './ring/ring-buffer.js'
export type { RingBufferSpec } from './ring/ring-buffer.js'
export type { RingHandle, RingSpec, RingStream } from './ring/allocate-ring.js'
export type { SampleRows } from './ring/sample-rows.js'
export type { ChannelFormat, NumericArray, SampleArray } from './channel-format.js'

// LSL itself
export { getStreamNames, resolveByPred, resolveByProp, resolveStreams } from './lsl/resolve.js'
export type { ResolveOptions, StreamNamesOptions } from './lsl/resolve.js'
export { streamChanges } from './lsl/stream-changes.js'
export type { StreamChange, StreamChangesOptions } from './lsl/stream-changes.js'
export { StreamInfo } from './lsl/stream-info.js'
export type { ChannelInfo, StreamInfoOptions } from './lsl/stream-info.js'
export type { StreamFields } from './lsl/stream-fields.js'
export { libraryVersion, protocolVersion } from './lsl/versions.js'
export { StreamInlet } from './lsl/stream-inlet.js'
export type { Chunk, PullChunkOptions, Sample, StreamInletOptions } from './lsl/stream-inlet.js'
export { DEDUCED_TIMESTAMP, StreamOutlet } from './lsl/stream-outlet.js'
export type { Row } from './lsl/push-arguments.js'
export type { StreamOutletOptions } from './lsl/stream-outlet.js'
export { localClock } from './clock.js'
export type { EngineName, EngineOptions } from './lsl/choose-engine.js'
export type { Processing, TimeCorrection, TimeMeasurement } from './lsl/engine.js'
export { xmlElement } from './lsl/xml.js'
export type { XmlElement } from './lsl/xml.js'

// Commands
export { DefaultServer } from './server/default-server.js'
export type { DefaultServerOptions } from './server/server-options.js'
export { DefaultCallbackServer } from './server/default-callback-server.js'
export type { DefaultCallbackServerOptions } from './server/default-callback-server.js'
export type { CommandServer, CommandTable, PCommand, PCommandCall } from './server/command-table.js'
export type { PCommandMap, PCommandResult } from './server/command-table.js'
export type { KwargsSchema, PCommandOptions, SchemaIssue, SchemaResult } from './server/command-options.js'
export type { Kwargs } from './server/wire/json-payload.js'
export type { Framing } from './server/wire/command-splitter.js'
export { moduleArguments } from './server/module-arguments.js'
export type { ModuleArguments } from './server/module-arguments.js'
export { moduleConfig } from './server/module-config.js'
export type { ConfigValue } from './server/module-config.js'

// Jobs
export { startWorkerJob } from './workers/jobs/start-worker-job.js'
export type { WorkerJobOptions } from './workers/jobs/start-worker-job.js'
export type { WorkerJob } from './workers/jobs/worker-job.js'
export { startSubprocessJob } from './workers/jobs/subprocess-job.js'
export type { SubprocessJob, SubprocessJobOptions } from './workers/jobs/subprocess-job.js'
export type { Job, JobContext, JobEnd, JobModule, JobState } from './workers/jobs/job.js'
export { closePool, runInPool } from './workers/pool.js'
export type { RunInPoolOptions } from './workers/pool.js'
export { StopEvent } from './stop-event.js'
export { childStopEvent } from './workers/jobs/child-stop-event.js'

// Modules that are commanded
export { ModuleClient } from './modules/module-client.js'
export type { ModuleClientEvents, StopOutcome } from './modules/module-client.js'
export type { ModuleClientOptions, ModuleConnectOptions, WaitOptions } from './modules/module-client-options.js'
export type { ReportedJob } from './modules/job-report.js'
export type { DescribedCommand } from './modules/described-commands.js'

// Logs
export { getLogger } from './logging/get-logger.js'
export type { Logger, LoggerOptions } from './logging/get-logger.js'
export { nameLogThread } from './logging/thread-name.js'
export { LogRecordSocketReceiver } from './logging/receiver/log-record-socket-receiver.js'
export type {
  LogReceiverEvents,
  LogRecordSocketReceiverOptions,
} from './logging/receiver/log-record-socket-receiver.js'
export type { ReceivedRecord } from './logging/receiver/received-record.js'
export type { LogRecord } from './logging/wire/log-record.js'
export type { Rotation } from './logging/receiver/rotation.js'

// Errors
export { DareplaneError } from './errors.js'
export type { DareplaneErrorCode } from './errors.js'
