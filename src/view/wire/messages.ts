/*
 * The wire between the view's server and its clients is one WebSocket. Text frames are the JSON messages below, binary ones are in
 * frames.ts. No Node and no DOM here: server, page and bridge share this folder.
 */
import type {
  LogLine,
  LoopStatus,
  MarkerItem,
  ModuleStatus,
  RecorderStatus,
  SentCommand,
  StopResult,
  StreamDescription,
  StreamStatus,
  TrendPoint,
} from './status.js'

export const WIRE_VERSION = 1
/** A page that has heard nothing for so long is not live. */
export const LIVE_LIMIT_MS = 500
/** How often the server says how all is. */
export const STATUS_EVERY_MS = 100
/** How long a page stays armed. */
export const ARMED_MS = 10_000
/** How long the button of a command must be held. */
export const HOLD_MS = 1000

export interface EnvelopeRequest {
  readonly type: 'subscribe'
  readonly kind: 'envelope'
  readonly id: number
  readonly stream: string
  readonly spanS: number
  /** Pixel columns of the span; the server chooses whole samples for each. */
  readonly columns: number
  /** Hz; 0 is none. */
  readonly highPass?: number
  readonly lowPass?: number
  readonly reference?: 'none' | 'average'
  readonly credits: number
}

export interface SamplesRequest {
  readonly type: 'subscribe'
  readonly kind: 'samples'
  readonly id: number
  readonly stream: string
  /** Absolute index of the first frame wanted; default the next one. */
  readonly from?: number
  readonly credits: number
}

interface SpectrumRequest {
  readonly type: 'subscribe'
  readonly kind: 'spectrum'
  readonly id: number
  readonly stream: string
  readonly channel: number
}

/** What a client may say. */
export type ClientMessage =
  | EnvelopeRequest
  | SamplesRequest
  | SpectrumRequest
  | { readonly type: 'unsubscribe'; readonly id: number }
  | { readonly type: 'forget'; readonly stream: string }
  | { readonly type: 'credit'; readonly id: number; readonly credits: number }
  | { readonly type: 'probe'; readonly sent: number }
  | { readonly type: 'outlet'; readonly name: string; readonly sourceId: string; readonly page: string }
  | {
      readonly type: 'push'
      readonly sourceId: string
      /** The page that numbers the items; a reload is another page. */
      readonly page: string
      readonly items: readonly (readonly [seq: number, time: number, text: string])[]
    }
  | { readonly type: 'arm' }
  | { readonly type: 'disarm' }
  | { readonly type: 'hold'; readonly id: string; readonly module: string; readonly command: string }
  | { readonly type: 'release'; readonly id: string }
  | {
      readonly type: 'command'
      readonly id: string
      readonly module: string
      readonly command: string
      readonly kwargs?: Readonly<Record<string, unknown>>
    }
  | { readonly type: 'stop'; readonly id: string; readonly module?: string }

/** What the server says. */
export type ServerMessage =
  | {
      readonly type: 'welcome'
      readonly version: number
      readonly readOnly: boolean
      readonly startedAt: number
      readonly fault?: string
    }
  | {
      readonly type: 'status'
      /** LSL clock and Unix time, seconds, of the same moment. */
      readonly lsl: number
      readonly wall: number
      readonly sessionS: number
      readonly cpu: number
      readonly loop: LoopStatus
      readonly streams: readonly StreamStatus[]
      readonly modules: readonly ModuleStatus[]
      readonly recorder?: RecorderStatus
      readonly sent: readonly SentCommand[]
      /** The last STOP ALL. */
      readonly stopped?: StopResult
      /** Seconds since the last STOP ALL was asked, while it is not over. */
      readonly stoppingS?: number
    }
  | { readonly type: 'stream'; readonly stream: StreamDescription; readonly trend: readonly TrendPoint[] }
  | { readonly type: 'gone'; readonly key: string }
  | { readonly type: 'probe'; readonly sent: number; readonly lsl: number }
  | { readonly type: 'subscribed'; readonly id: number; readonly columnS?: number; readonly next?: number }
  | { readonly type: 'refused'; readonly id: number | string; readonly reason: string }
  | {
      readonly type: 'markers'
      readonly stream: string
      readonly items: readonly MarkerItem[]
      readonly missed: number
    }
  | {
      readonly type: 'spectrum'
      readonly id: number
      readonly channel: number
      readonly binHz: number
      readonly seconds: number
      /** 10 log10 of the power density, unit²/Hz. */
      readonly db: readonly number[]
    }
  | { readonly type: 'log'; readonly lines: readonly LogLine[]; readonly missed: number }
  | { readonly type: 'pushed'; readonly sourceId: string; readonly seq: number }
  | { readonly type: 'armed'; readonly ms: number }
  | { readonly type: 'sent'; readonly id: string; readonly ok: boolean; readonly text: string }
  | { readonly type: 'stopped'; readonly result: StopResult }
