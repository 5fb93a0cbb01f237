import { CHANNEL_FORMATS, samplesOver } from '../channel-format.js'
import { mustBe } from '../check.js'
import type { ChannelFormat, SampleArray } from '../channel-format.js'
import type { RingHandle } from './allocate-ring.js'
import {
  CAPACITY,
  CHANNELS,
  CONTROL_BYTES,
  DOUBLES,
  FIRST_INDEX,
  FORMAT,
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
import { SharedMemory } from './shared-memory.js'

/** A ring as one thread sees it: views over the shared memory, and the constants of its control block. */
export interface RingMemory {
  readonly words: Int32Array
  /** C + W slots of `columns` values. */
  readonly samples: SampleArray
  /** C + W times. */
  readonly times: Float64Array
  readonly strings: Uint8Array
  readonly format: ChannelFormat
  readonly channels: number
  readonly columns: number
  /** W */
  readonly frames: number
  /** C */
  readonly capacity: number
  /** M */
  readonly maxChunk: number
  readonly modulus: number
  readonly nominalSrate: number
  readonly firstIndex: number
  readonly maxStringBytes: number
  readonly stringCapacity: number
  readonly stringModulus: number
}

function isRing(handle: unknown): handle is RingHandle {
  const control = (handle as Partial<RingHandle> | null | undefined)?.control
  if (!(control instanceof SharedMemory) || control.byteLength !== CONTROL_BYTES) return false
  return new Int32Array(control, 0, MAGIC + 1)[MAGIC] === RING_MAGIC
}

export const ringHandle = mustBe('a RingHandle, as share() gives it', isRing)

/** Views over the memory of `handle`, which may come from another thread. */
export function attachMemory(handle: RingHandle): RingMemory {
  ringHandle('handle', handle)
  const words = new Int32Array(handle.control)
  const constant = (word: number): number => words[word] ?? 0
  if (constant(VERSION) !== RING_VERSION) {
    throw new TypeError(`handle is of ring version ${constant(VERSION)}, this is version ${RING_VERSION}`)
  }
  const doubles = new Float64Array(handle.control, DOUBLES * Int32Array.BYTES_PER_ELEMENT, 2)
  const format = CHANNEL_FORMATS[constant(FORMAT)] ?? 'float32'
  const channels = constant(CHANNELS)
  const capacity = constant(CAPACITY)
  const stringCapacity = constant(STRING_CAPACITY)
  return {
    words,
    samples: samplesOver(format === 'string' ? 'int32' : format, handle.data),
    times: new Float64Array(handle.times),
    strings: new Uint8Array(handle.strings ?? new SharedMemory(0)),
    format,
    channels,
    columns: format === 'string' ? channels * STRING_COLUMNS : channels,
    frames: constant(WINDOW),
    capacity,
    maxChunk: constant(MAX_CHUNK),
    modulus: counterModulus(capacity),
    nominalSrate: doubles[SRATE] ?? 0,
    firstIndex: doubles[FIRST_INDEX] ?? 0,
    maxStringBytes: constant(MAX_STRING),
    stringCapacity,
    stringModulus: stringCapacity === 0 ? 0 : counterModulus(stringCapacity),
  }
}
