import { bytesPerValue } from '../../../channel-format.js'
import type { StreamInfo } from '../../stream-info.js'
import { PROTOCOL_VERSION } from '../codec/wire.js'
import type { Head } from './parse-head.js'

/** What an inlet asks of an outlet. */
export interface FeedRequest {
  readonly version: number
  /** '' for whatever stream is served. */
  readonly uid: string
  readonly bigEndian: boolean
  readonly endianPerformance: number
  readonly hasIeeeFloats: boolean
  readonly supportsSubnormals: boolean
  /** undefined: the outlet's own. */
  readonly valueSize: number | undefined
  readonly maxBufferFrames: number
  readonly maxChunkFrames: number
}

/**
 * The sender is asked to keep at least that many: what is dropped is then dropped at this end, where it is counted. A liblsl
 * sender that is asked for one waits for ever in its push.
 */
const SHORTEST_QUEUE = 16384
const LITTLE_ENDIAN = 1234
export const BIG_ENDIAN = 4321

/** The text that subscribes to `info`, for an inlet that itself keeps `queueFrames` frames. */
export function feedRequest(info: StreamInfo, queueFrames: number): string {
  const { uid, channelFormat, hostname, sourceId, sessionId } = info
  const version = Math.min(PROTOCOL_VERSION, Math.round(info.fields.version * 100))
  const headers = {
    'Native-Byte-Order': LITTLE_ENDIAN,
    // The outlet swaps only for an inlet that is slower at it; two little-endian ends never swap.
    'Endian-Performance': 1,
    'Has-IEEE754-Floats': 1,
    'Supports-Subnormals': channelFormat === 'float32' || channelFormat === 'double64' ? 1 : 0,
    // For strings liblsl names the size of its string object; 1.10 goes back to protocol 1.00 where that differs from its own.
    ...(channelFormat === 'string' ? {} : { 'Value-Size': bytesPerValue(channelFormat) }),
    'Data-Protocol-Version': PROTOCOL_VERSION,
    'Max-Buffer-Length': Math.max(SHORTEST_QUEUE, queueFrames),
    'Max-Chunk-Length': 0,
    Hostname: hostname,
    'Source-Id': sourceId,
    'Session-Id': sessionId,
  }
  // A line break in a name would end its header early.
  const lines = Object.entries(headers).map(([key, value]) => `${key}: ${String(value).replace(/[\r\n]/g, ' ')}\r\n`)
  return `LSL:streamfeed/${version} ${uid}\r\n${lines.join('')}\r\n`
}

/** The request in a head, or undefined where the first line is none. Never throws. */
export function parseFeedRequest({ first, headers }: Head): FeedRequest | undefined {
  const match = /^LSL:streamfeed\/(\d{1,6})(?:\s+(\S*))?/.exec(first)
  if (match === null) return undefined
  const number = (key: string): number | undefined => {
    const value = Number.parseInt(headers.get(key) ?? '', 10)
    return Number.isNaN(value) ? undefined : value
  }
  const flag = (key: string): boolean => !/^(0|false)$/i.test(headers.get(key) ?? '')
  return {
    version: Number(match[1]),
    uid: match[2] ?? '',
    bigEndian: number('native-byte-order') === BIG_ENDIAN,
    endianPerformance: Number(headers.get('endian-performance') ?? 0) || 0,
    hasIeeeFloats: flag('has-ieee754-floats'),
    supportsSubnormals: flag('supports-subnormals'),
    valueSize: number('value-size'),
    maxBufferFrames: Math.max(0, number('max-buffer-length') ?? 0),
    maxChunkFrames: Math.max(0, number('max-chunk-length') ?? 0),
  }
}
