import type { ChannelFormat } from '../../channel-format.js'

/** What the page shows of a stream that does not change. Times are LSL clock seconds of the server's machine everywhere. */
export interface StreamDescription {
  readonly key: string
  readonly name: string
  readonly type: string
  readonly hostname: string
  readonly sourceId: string
  readonly channels: number
  readonly format: ChannelFormat
  /** Hz; 0 is irregular. */
  readonly nominalSrate: number
  readonly channelNames: readonly string[]
  readonly channelUnits: readonly string[]
  /** What of its metadata could not be read, and is left out. */
  readonly unread?: readonly string[]
}

export type StreamState =
  'connecting' | 'connected' | 'stalled' | 'lost' | 'recovered' | 'incompatible' | 'failed' | 'foreign clock'

export type Badge = 'FLAT' | 'RAILED' | 'NaN'

/** What changes of a stream. */
export interface StreamStatus {
  readonly key: string
  readonly state: StreamState
  /** Frames a second over the last second or so; undefined where none arrive. */
  readonly rate?: number
  /** Seconds since a frame arrived last; undefined before the first. */
  readonly ageS?: number
  /** From push to arrival, and how well the clocks are known to agree. */
  readonly latencyMs?: number
  readonly uncertaintyMs?: number
  readonly clockOffsetS?: number
  /** What its stamps are instead of LSL clock seconds, where they are far from now. */
  readonly foreignClock?: 'unix' | 'other'
  readonly frames: number
  /** Samples that did not arrive, so far; while a stream is lost it grows with its nominal rate. */
  readonly missing: number
  /** In the last ten minutes. */
  readonly missingRecently: number
  readonly gaps: number
  /** Stamp of the newest frame. */
  readonly newest?: number
  /** The newest text of a stream of strings. */
  readonly text?: string
  readonly badges: readonly { readonly channel: number; readonly badge: Badge; readonly since: number }[]
}

interface JobStatus {
  readonly name: string
  /** The command that started it. */
  readonly command: string
  readonly ageS: number
}

/** An argument of a command, as a person fills it in. */
export interface CommandField {
  readonly name: string
  /** `choice`: one of `choices`; `json`: whatever JSON can say. */
  readonly kind: 'number' | 'integer' | 'flag' | 'text' | 'choice' | 'json'
  readonly isRequired: boolean
  readonly description?: string
  readonly unit?: string
  /** What stands in the field at first. */
  readonly initial?: string
  readonly choices?: readonly string[]
  readonly low?: number
  readonly high?: number
}

export interface CommandDescription {
  readonly name: string
  readonly description?: string
  /** undefined: its arguments are not described. */
  readonly fields?: readonly CommandField[]
}

/** What a command or a STOP did, for the line below a module's buttons. */
export interface Answer {
  readonly text: string
  /** Unix time, seconds. */
  readonly at: number
  readonly by: string
}

export interface ModuleStatus {
  readonly key: string
  readonly name: string
  readonly address: string
  readonly state: 'connecting' | 'up' | 'silent' | 'down'
  /** Round trip of the last UP. */
  readonly upMs?: number
  /** Seconds since the module was heard from; undefined: never. */
  readonly silentS?: number
  /** undefined: this module does not report its jobs. */
  readonly jobs?: readonly JobStatus[]
  readonly endedJobs: readonly { readonly name: string; readonly at: number; readonly how: string }[]
  readonly commands: readonly CommandDescription[]
  readonly answer?: Answer
  /** A STOP of this module whose effect nobody has reported. */
  readonly notConfirmed?: { readonly at: number; readonly mayHaveJob: boolean }
}

/** The key of the recorder where a command is for a module: `RECORD`, `STOPRECORD`. */
export const RECORDER = 'recorder'

/** A recorder, as it tells. */
export interface RecorderStatus {
  readonly address: string
  readonly isUp: boolean
  /** undefined: this one does not tell, as LabRecorder does not. */
  readonly isRecording?: boolean
  readonly file?: string
  readonly seconds?: number
  /** In the file, and left on its disk. */
  readonly bytes?: number
  readonly diskFree?: number
  /** Why the disk does not take data at this time. */
  readonly trouble?: string
  /** Samples in the file, and those that did not get into it. */
  readonly streams: readonly { readonly name: string; readonly samples: number; readonly missing: number }[]
  /** Streams that it waits for. */
  readonly absent: readonly string[]
  readonly answer?: Answer
}

export interface LoopStatus {
  /** Milliseconds, medians of the last minute. */
  readonly sampleToWindowMs?: number
  /** From the arrival of the newest window to a callback; known in the module's own process only. */
  readonly windowToCommandMs?: number
  readonly eventLoopDelayMs: number
  /** How many of the latencies of the last minute fell into each bin, `binMs` wide; the last bin has all above. */
  readonly histogram: readonly number[]
  readonly binMs: number
}

/** How one module's STOP ended. `reported`: its jobs were reported gone; `answered`: it answered behind the STOP. */
export interface ModuleStop {
  readonly module: string
  readonly name: string
  readonly outcome: 'reported' | 'answered' | 'silent'
  readonly jobs: number
  readonly ended: number
  readonly mayHaveJob: boolean
}

export interface StopResult {
  readonly id: string
  /** Unix time, seconds. */
  readonly at: number
  readonly tookMs: number
  readonly all: boolean
  readonly modules: readonly ModuleStop[]
}

export interface LogLine {
  readonly seq: number
  /** Unix time, seconds. */
  readonly at: number
  readonly level: string
  readonly levelno: number
  readonly name: string
  readonly text: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** `text` of a marker stream at a time. */
export type MarkerItem = readonly [time: number, text: string]
/** Once a second: age in ms, missing so far, latency in ms; null where it is not known. */
export type TrendPoint = readonly [at: number, ageMs: number | null, missing: number, latencyMs: number | null]

/** A command that went out in this session, newest first in the list. */
export interface SentCommand {
  readonly at: number
  readonly what: string
  readonly took: string
}
