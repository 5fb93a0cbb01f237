/*
 * The way of an outlet's samples from the thread that pushes to the thread that sends: encoded blocks, one after the other, in a
 * ring of bytes in shared memory. One writer, one reader, no lock.
 *
 *   words    | HEAD | TAIL | WAITING | CLOSING | CONSUMERS | DROPPED | LOST |  int32, a line of 128 bytes for each that writes
 *   records  | record | record | ............ | record | LAST | free |       CAPACITY bytes, a power of two
 *   record   | length | frames | flags | - | first stamp | bytes ... |       24 bytes, then the block, to a multiple of 8
 *
 * HEAD and TAIL count bytes and wrap at 2^32: the writer moves HEAD when a record is complete, the reader TAIL when it has copied
 * it. A record is in one piece; where it would run over the end, LAST as its length sends the reader to the start.
 */

const LINE = 32

/** Bytes written; only the writer moves it. */
export const HEAD = 0
/** The writer writes nothing more. */
export const CLOSING = 1
/** The writer waits for room. */
export const WAITING = 2
/** Bytes read; only the reader moves it. */
export const TAIL = LINE
/** Inlets that are subscribed. */
export const CONSUMERS = LINE + 1
/** Samples that inlets did not get: low and high half. */
export const DROPPED = LINE + 2
/** Samples that were overwritten in the outlet's ring: low and high half. */
export const LOST = LINE + 4
const WORDS_BYTES = 2 * LINE * Int32Array.BYTES_PER_ELEMENT

export const HEADER_BYTES = 24
export const LAST = -1
export const FLUSH = 1
/** The block is too large for the ring: it is the next message of the outlet's port. */
export const BY_MESSAGE = 2

/** A queue as one thread sees it. */
export interface QueueMemory {
  readonly words: Int32Array
  readonly bytes: Uint8Array
  /** The records as 32-bit words, and as float64. */
  readonly ints: Int32Array
  readonly doubles: Float64Array
  readonly capacity: number
}

export function allocateQueue(capacity: number): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS_BYTES + capacity)
}

export function attachQueue(buffer: SharedArrayBuffer): QueueMemory {
  return {
    words: new Int32Array(buffer, 0, WORDS_BYTES / Int32Array.BYTES_PER_ELEMENT),
    bytes: new Uint8Array(buffer, WORDS_BYTES),
    ints: new Int32Array(buffer, WORDS_BYTES),
    doubles: new Float64Array(buffer, WORDS_BYTES),
    capacity: buffer.byteLength - WORDS_BYTES,
  }
}

/** Bytes of the ring that a block of `bytes` takes. */
export function recordBytes(bytes: number): number {
  return HEADER_BYTES + ((bytes + 7) & ~7)
}

/** DROPPED or LOST, for the reader only. */
export function storeCount(words: Int32Array, at: number, count: number): void {
  // The high half last: a reader between the two sees too few, for a moment every 2^32 samples.
  Atomics.store(words, at, count | 0)
  Atomics.store(words, at + 1, Math.floor(count / 2 ** 32))
}

export function loadCount(words: Int32Array, at: number): number {
  return Atomics.load(words, at + 1) * 2 ** 32 + (Atomics.load(words, at) >>> 0)
}
