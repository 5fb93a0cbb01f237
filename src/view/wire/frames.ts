/*
 * The binary frames of the wire between the view's server and its clients: columns or samples, little endian:
 *
 *   byte    0     1        2         4       8          12      16     20          24      32
 *         | kind | format | reserved | subscription | channels | count | missed | reserved | first | stamps ... | values ... |
 *           u8     u8       u16        u32            u32        u32     u32      u32        f64
 *
 *   envelope   stamps: count x (first, last) f64; values: missing before the column, count x f32; rms, channels x f32;
 *              then count x channels x (minimum, maximum) f32
 *   samples    stamps: count x f64; values: count x channels of `format`, row-major
 *   strings    stamps: count x f64; values: the rows as JSON
 *
 * No Node and no DOM here: server, page and bridge share this file.
 */
import { CHANNEL_FORMATS, bytesPerValue, samplesOver } from '../../channel-format.js'
import type { ChannelFormat, NumericFormat, SampleArray } from '../../channel-format.js'

const ENVELOPE = 1
const SAMPLES = 2
const STRINGS = 3
const HEADER_BYTES = 32

export interface FrameHead {
  readonly kind: number
  readonly id: number
  readonly channels: number
  readonly count: number
  /** Columns or frames that this subscription did not get, just before this frame. */
  readonly missed: number
  /** Absolute index of the first column or frame. */
  readonly first: number
}

export interface EnvelopeFrame extends FrameHead {
  readonly kind: typeof ENVELOPE
  /** First and last stamp of each column. */
  readonly stamps: Float64Array
  /** Samples missing just before each column; below 0: so many are there, and the view was too slow to show them. */
  readonly missing: Float32Array
  readonly rms: Float32Array
  /** Minimum and maximum, columns x channels x 2; NaN where there was no number. */
  readonly pairs: Float32Array
}

export interface SamplesFrame extends FrameHead {
  readonly kind: typeof SAMPLES
  readonly stamps: Float64Array
  readonly format: NumericFormat
  readonly samples: SampleArray
}

export interface StringsFrame extends FrameHead {
  readonly kind: typeof STRINGS
  readonly stamps: Float64Array
  readonly rows: string[][]
}

export type BinaryFrame = EnvelopeFrame | SamplesFrame | StringsFrame

function allocate(head: FrameHead, format: ChannelFormat, bytes: number): ArrayBuffer {
  const buffer = new ArrayBuffer(HEADER_BYTES + bytes)
  const view = new DataView(buffer)
  view.setUint8(0, head.kind)
  view.setUint8(1, CHANNEL_FORMATS.indexOf(format))
  view.setUint32(4, head.id, true)
  view.setUint32(8, head.channels, true)
  view.setUint32(12, head.count, true)
  view.setUint32(16, Math.min(head.missed, 0xffff_ffff), true)
  view.setFloat64(24, head.first, true)
  return buffer
}

/** A frame of columns, and the arrays over it for the caller to fill. */
export function envelopeFrame(head: Omit<FrameHead, 'kind'>): { readonly buffer: ArrayBuffer } & EnvelopeFrame {
  const { count, channels } = head
  const whole = { ...head, kind: ENVELOPE } as const
  const buffer = allocate(whole, 'float32', 16 * count + 4 * (count + channels) + 8 * count * channels)
  return { ...whole, buffer, ...envelopeArrays(buffer, count, channels) }
}

function envelopeArrays(buffer: ArrayBuffer, count: number, channels: number): EnvelopeArrays {
  const values = HEADER_BYTES + 16 * count
  return {
    stamps: new Float64Array(buffer, HEADER_BYTES, 2 * count),
    missing: new Float32Array(buffer, values, count),
    rms: new Float32Array(buffer, values + 4 * count, channels),
    pairs: new Float32Array(buffer, values + 4 * (count + channels), 2 * count * channels),
  }
}
type EnvelopeArrays = Pick<EnvelopeFrame, 'stamps' | 'missing' | 'rms' | 'pairs'>

/** A frame of samples. */
export function samplesFrame(
  head: Omit<FrameHead, 'kind'>,
  format: NumericFormat,
  stamps: Float64Array,
  samples: SampleArray,
): ArrayBuffer {
  const { count, channels } = head
  const buffer = allocate({ ...head, kind: SAMPLES }, format, 8 * count + bytesPerValue(format) * count * channels)
  new Float64Array(buffer, HEADER_BYTES, count).set(stamps)
  const target = samplesOver(format, buffer, HEADER_BYTES + 8 * count, count * channels)
  // The values are copied as bytes: both arrays have one type, which TypeScript cannot know.
  new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(
    new Uint8Array(samples.buffer, samples.byteOffset, target.byteLength),
  )
  return buffer
}

/** A frame of rows of strings. */
export function stringsFrame(head: Omit<FrameHead, 'kind'>, stamps: Float64Array, rows: string[][]): ArrayBuffer {
  const text = new TextEncoder().encode(JSON.stringify(rows))
  const buffer = allocate({ ...head, kind: STRINGS }, 'string', 8 * head.count + text.length)
  new Float64Array(buffer, HEADER_BYTES, head.count).set(stamps)
  new Uint8Array(buffer, HEADER_BYTES + 8 * head.count).set(text)
  return buffer
}

/** Reads a binary frame; undefined for what is none. Never throws. */
export function readFrame(buffer: ArrayBuffer): BinaryFrame | undefined {
  if (buffer.byteLength < HEADER_BYTES) return undefined
  const view = new DataView(buffer)
  const kind = view.getUint8(0)
  const format = CHANNEL_FORMATS[view.getUint8(1)]
  const channels = view.getUint32(8, true)
  const count = view.getUint32(12, true)
  const head = {
    id: view.getUint32(4, true),
    channels,
    count,
    missed: view.getUint32(16, true),
    first: view.getFloat64(24, true),
  }
  const room = buffer.byteLength - HEADER_BYTES
  if (kind === ENVELOPE) {
    if (room !== 16 * count + 4 * (count + channels) + 8 * count * channels) return undefined
    return { ...head, kind, ...envelopeArrays(buffer, count, channels) }
  }
  if (room < 8 * count) return undefined
  const stamps = new Float64Array(buffer, HEADER_BYTES, count)
  const values = HEADER_BYTES + 8 * count
  if (kind === SAMPLES && format !== undefined && format !== 'string') {
    if (room !== 8 * count + bytesPerValue(format) * count * channels) return undefined
    return { ...head, kind, stamps, format, samples: samplesOver(format, buffer, values, count * channels) }
  }
  if (kind !== STRINGS) return undefined
  const rows = rowsOf(new TextDecoder().decode(new Uint8Array(buffer, values)))
  return rows?.length === count ? { ...head, kind, stamps, rows } : undefined
}

function rowsOf(text: string): string[][] | undefined {
  try {
    const rows: unknown = JSON.parse(text)
    return Array.isArray(rows) ? (rows as string[][]) : undefined
  } catch {
    return undefined
  }
}
