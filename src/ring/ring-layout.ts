/*
 * The memory of one ring: three SharedArrayBuffers, four for strings (docs/ring.md draws it in full).
 *
 *   control   | constants | HEAD, laps | BYTES, laps | WAITERS | PACED | PLACES |   one 128-byte line for each that writes
 *   data      | 0 ........ W-1 | W ........ C-1 | 0' ...... W-1' |        C + W slots of `columns` values
 *   times     | 0 ........ W-1 | W ........ C-1 | 0' ...... W-1' |        C + W float64, the same slots
 *   strings   | 0 ...................... S-1 | longest string - 1 |        bytes; strings only
 *
 * Slot k' mirrors slot k, so any W successive frames are contiguous. C = W + hold + M, where M is the most frames that the
 * writer may have under way before it publishes. Frame i is in slot i mod C.
 */

/** Int32 words between two lines: 128 bytes, the line of Apple silicon and the pair of lines that x86 prefetches. */
const LINE = 32

const CONSTANTS = 0
const FRAME_COUNTER = CONSTANTS + LINE
const BYTE_COUNTER = FRAME_COUNTER + LINE
const READERS = BYTE_COUNTER + LINE

const PACE = READERS + LINE
const FIRST_PLACE = PACE + LINE
/** Readers that a writer can leave time for. */
export const MOST_PLACES = 8

/** Length of the control block. */
export const CONTROL_BYTES = (FIRST_PLACE + MOST_PLACES * LINE) * Int32Array.BYTES_PER_ELEMENT

/** Written once, before any other thread sees the ring. */
export const MAGIC = CONSTANTS
export const VERSION = MAGIC + 1
export const FORMAT = VERSION + 1
export const CHANNELS = FORMAT + 1
export const WINDOW = CHANNELS + 1
export const CAPACITY = WINDOW + 1
export const MAX_CHUNK = CAPACITY + 1
export const STRING_CAPACITY = MAX_CHUNK + 1
export const MAX_STRING = STRING_CAPACITY + 1
/** Two float64, so on an even word. */
export const DOUBLES = MAX_STRING + 2
/** Indices into the float64 view that starts at word DOUBLES. */
export const SRATE = 0
export const FIRST_INDEX = 1

/** Where the three words of a counter stand. */
export interface CounterWords {
  /** The count modulo the counter's modulus in bits 0 to 30; bit 31 of the frame counter is CLOSED. */
  readonly head: number
  /** How often `head` has wrapped: stored before the head that wraps ... */
  readonly lapsBefore: number
  /** ... and after it. */
  readonly lapsAfter: number
}

const counterAt = (line: number): CounterWords => ({ head: line, lapsBefore: line + 1, lapsAfter: line + 2 })

/** Frames published; the word that readers wait on. Only the writer moves it. */
export const FRAMES: CounterWords = counterAt(FRAME_COUNTER)
/** Bytes of strings written. Only the writer moves it. */
export const BYTES: CounterWords = counterAt(BYTE_COUNTER)
/** Strings that were cut because they were too long. */
export const TRUNCATED = BYTES.lapsAfter + 1
/** How many readers wait: the writer notifies only if there are any. */
export const WAITERS = READERS

/** 1 while the writer waits for readers. */
export const PACED = PACE
/** How often a reader has moved while the writer waited; the word that it waits on. */
export const MOVES = PACE + 1
/** Where a reader is: the oldest frame that it still has, modulo the counter's modulus, and 1; 0 where there is none. */
export const placeWord = (place: number): number => FIRST_PLACE + place * LINE

/** In the head word of FRAMES: the writer has closed the ring. The sign bit, so that one wait sees frames and the close. */
export const CLOSED = -0x8000_0000
export const COUNT_MASK = 0x7fff_ffff

export const RING_MAGIC = 0x44_52_4e_47 // 'DRNG'
export const RING_VERSION = 2

/** Int32 columns of one string in its frame's slot: where its first byte stands (laps, offset), and its length. */
export const STRING_COLUMNS = 3
/** In a string's length: the string was cut. The sign bit. */
export const CUT = -0x8000_0000
export const LENGTH_MASK = 0x7fff_ffff

/** A counter over a ring of `capacity` slots wraps at the largest multiple of it below 2^31: a slot is then head mod capacity. */
export function counterModulus(capacity: number): number {
  return Math.floor((2 ** 31 - 1) / capacity) * capacity
}

/** The slot of frame (or byte) `index`, which may be negative: before the first. */
export function slotOf(index: number, capacity: number): number {
  const slot = index % capacity
  return slot < 0 ? slot + capacity : slot
}
