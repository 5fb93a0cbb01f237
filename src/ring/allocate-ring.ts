import { CHANNEL_FORMATS, bytesPerValue } from '../channel-format.js'
import type { ChannelFormat } from '../channel-format.js'
import { hertz, oneOf, whole } from '../check.js'
import {
  BYTES,
  CAPACITY,
  CHANNELS,
  CONTROL_BYTES,
  DOUBLES,
  FIRST_INDEX,
  FORMAT,
  FRAMES,
  MAGIC,
  MAX_CHUNK,
  MAX_STRING,
  RING_MAGIC,
  RING_VERSION,
  SRATE,
  STRING_CAPACITY,
  STRING_COLUMNS,
  VERSION,
  WINDOW,
  counterModulus,
} from './ring-layout.js'
import type { CounterWords } from './ring-layout.js'
import { SharedMemory } from './shared-memory.js'

/** What a ring shall hold. */
export interface RingSpec {
  /** The window, in frames: readers get any part of the newest `frames` as one contiguous view. */
  readonly frames: number
  readonly channels: number
  readonly format: ChannelFormat
  /** Hz; 0, the default, is irregular. */
  readonly nominalSrate?: number
  /** How many frames the writer may add before a borrowed window is overwritten. Default: `frames`. */
  readonly holdFrames?: number
  /** The most frames that the writer may write before it publishes. Default: the smaller of `frames` and 1024. */
  readonly maxChunk?: number
  /** Absolute index of the first frame. Default 0. */
  readonly firstIndex?: number
  /** Strings only: the longest string kept whole, in bytes of UTF-8. Default 1 MiB. */
  readonly maxStringBytes?: number
  /** Strings only: bytes for the strings in memory. Default: room for three more of the longest than a frame has. */
  readonly stringCapacity?: number
}

/** What a ring holds: the part of a stream's description that computing needs. Plain, so that it crosses threads. */
export interface RingStream {
  readonly name: string
  readonly type: string
  readonly sourceId: string
  readonly hostname: string
  readonly channelNames: readonly string[]
  /** '' where none is given. */
  readonly channelUnits: readonly string[]
  readonly channelTypes: readonly string[]
}

/** The memory of a ring. Structured-cloneable: post it to a worker, which attaches and reads the same memory. */
export interface RingHandle {
  readonly control: SharedArrayBuffer
  readonly data: SharedArrayBuffer
  readonly times: SharedArrayBuffer
  readonly strings?: SharedArrayBuffer
  readonly stream?: RingStream
  /**
   * A ring of what was measured of the stream's clock: each frame is the offset to add to its stamps and the uncertainty,
   * seconds, and its time is the LSL clock of this machine at the measurement.
   */
  readonly clock?: RingHandle
}

function integer(option: string, value: unknown, least: number, most: number): number {
  whole({ from: least, to: most })(option, value)
  return Number(value)
}

function share(what: string, bytes: number): SharedArrayBuffer {
  try {
    return new SharedMemory(bytes)
  } catch (cause) {
    throw new RangeError(`frames and channels ask for ${bytes} bytes of ${what}: more than there is`, { cause })
  }
}

function startCounter(words: Int32Array, at: CounterWords, modulus: number, count: number): void {
  words[at.head] = count % modulus
  words[at.lapsBefore] = words[at.lapsAfter] = Math.floor(count / modulus)
}

/** Allocates the memory of one ring, all zeros but its control block. Attach a writer and any number of readers to it. */
export function allocateRing(spec: RingSpec): RingHandle {
  const { format, nominalSrate = 0 } = spec
  oneOf(...CHANNEL_FORMATS)('format', format)
  hertz('nominalSrate', nominalSrate)
  const most = 2 ** 30
  const frames = integer('frames', spec.frames, 1, most)
  const channels = integer('channels', spec.channels, 1, 2 ** 20)
  const holdFrames = integer('holdFrames', spec.holdFrames ?? frames, 0, most)
  const maxChunk = integer('maxChunk', spec.maxChunk ?? Math.min(frames, 1024), 1, frames)
  const firstIndex = integer('firstIndex', spec.firstIndex ?? 0, 0, 2 ** 52)
  const maxStringBytes = integer('maxStringBytes', spec.maxStringBytes ?? 2 ** 20, 4, 2 ** 28)
  const stringCapacity = integer(
    'stringCapacity',
    spec.stringCapacity ?? Math.min((channels + 3) * maxStringBytes, 2 ** 30),
    2 * maxStringBytes,
    2 ** 30,
  )
  const capacity = integer('frames + holdFrames + maxChunk', frames + holdFrames + maxChunk, 1, most)

  const slots = capacity + frames
  const slotBytes =
    format === 'string' ? channels * STRING_COLUMNS * Int32Array.BYTES_PER_ELEMENT : channels * bytesPerValue(format)
  const control = new SharedMemory(CONTROL_BYTES)
  const data = share('samples', slots * slotBytes)
  const times = share('times', slots * Float64Array.BYTES_PER_ELEMENT)

  const words = new Int32Array(control)
  words[MAGIC] = RING_MAGIC
  words[VERSION] = RING_VERSION
  words[FORMAT] = CHANNEL_FORMATS.indexOf(format)
  words[CHANNELS] = channels
  words[WINDOW] = frames
  words[CAPACITY] = capacity
  words[MAX_CHUNK] = maxChunk
  const doubles = new Float64Array(control, DOUBLES * Int32Array.BYTES_PER_ELEMENT, 2)
  doubles[SRATE] = nominalSrate
  doubles[FIRST_INDEX] = firstIndex
  startCounter(words, FRAMES, counterModulus(capacity), firstIndex)
  if (format !== 'string') return { control, data, times }

  words[STRING_CAPACITY] = stringCapacity
  words[MAX_STRING] = maxStringBytes
  startCounter(words, BYTES, counterModulus(stringCapacity), 0)
  return { control, data, times, strings: share('strings', stringCapacity + maxStringBytes) }
}
