import { CLOSED, COUNT_MASK, FRAMES, TRUNCATED, WAITERS } from './ring-layout.js'
import type { CounterWords } from './ring-layout.js'

/*
 * The protocol between one writer and any readers: every access to the words of the control block that move.
 * The lists below are what writer and reader run, step by step, and what test/ring/explorer.ts interprets.
 */

/** What a counter goes through when it moves. */
export const COUNTER_STEPS = ['announceLap', 'publish', 'confirmLap'] as const
/** What the writer does with a chunk. `data` may be done beforehand, in place, by native code. */
export const WRITER_STEPS = ['data', 'mirror', ...COUNTER_STEPS, 'wake'] as const
/** What a reader does with a window. For a borrowed window `read` is the caller's, and `validate` is isIntact(). */
export const READER_STEPS = ['observe', 'read', 'validate'] as const
/** The order in which a counter's words are loaded. */
export const COUNTER_READS = ['lapsAfter', 'head', 'lapsBefore'] as const
/** How a step touches the head: by a load, or by a read-modify-write, whose load later accesses may not pass, nor earlier ones its store. */
export const HEAD_ACCESS = { observe: 'load', validate: 'rmw', publish: 'rmw' } as const

export type Access = 'load' | 'store' | 'rmw'

/** Tries before a reader stops to wait for a lap to be confirmed: the writer may have been terminated in between. */
const LAP_TRIES = 64

/**
 * The count, exact to 2^53. The laps are kept twice because the head wraps between two stores: lapsAfter is loaded before
 * the head and lapsBefore after it, so that both agree only if the head was of that very lap.
 */
export function readCount(words: Int32Array, at: CounterWords, modulus: number, access: 'load' | 'rmw'): number {
  let after = 0
  let head = 0
  let before = 0
  for (let tries = 0; tries < LAP_TRIES; tries++) {
    for (const name of COUNTER_READS) {
      if (name === 'head') head = readHead(words, at, access) & COUNT_MASK
      else if (name === 'lapsAfter') after = Atomics.load(words, at.lapsAfter)
      else before = Atomics.load(words, at.lapsBefore)
    }
    if (after === before) return after * modulus + head
  }
  // The writer ended between announcing and confirming a lap. A large head has not wrapped yet, a small one has.
  return (head > modulus / 2 ? after : before) * modulus + head
}

function readHead(words: Int32Array, at: CounterWords, access: 'load' | 'rmw'): number {
  return access === 'rmw' ? Atomics.add(words, at.head, 0) : Atomics.load(words, at.head)
}

/** Where the ring ends now. No read of frames below the answer may move before this load. */
export function observe(words: Int32Array, at: CounterWords, modulus: number): number {
  return readCount(words, at, modulus, HEAD_ACCESS.observe)
}

/**
 * Where the ring ends now, for telling whether what was read before is whole. No read above may move below this access:
 * hence a read-modify-write that changes nothing. A load does not hold back earlier plain reads (docs/ring.md, "Validation").
 */
export function claim(words: Int32Array, at: CounterWords, modulus: number): number {
  return readCount(words, at, modulus, HEAD_ACCESS.validate)
}

/**
 * Whether what stands at `start` is still whole when the counter stands at `count`: the writer may be overwriting
 * everything from `count` to `count + underway`, and with it what stood `capacity` before.
 */
export function isWhole(start: number, count: number, underway: number, capacity: number): boolean {
  const behind = count - start
  return behind >= 0 && behind + underway <= capacity
}

/** The oldest index that {@link isWhole} accepts. */
export function oldestWhole(count: number, underway: number, capacity: number): number {
  return count - (capacity - underway)
}

/** Before a head that wraps: readers that meet the new head must already find the new lap here. */
export function announceLap(words: Int32Array, at: CounterWords, laps: number): void {
  if (Atomics.load(words, at.lapsBefore) !== laps) Atomics.store(words, at.lapsBefore, laps)
}

/**
 * Publishes: no write of the chunk or its mirror may move below it, none of the next chunk above it. An add of the
 * difference, because it is a read-modify-write and leaves the CLOSED bit as another thread may have set it meanwhile.
 */
export function publish(words: Int32Array, at: CounterWords, from: number, to: number): void {
  Atomics.add(words, at.head, to - from)
}

/** After a head that wraps. */
export function confirmLap(words: Int32Array, at: CounterWords, laps: number): void {
  if (Atomics.load(words, at.lapsAfter) !== laps) Atomics.store(words, at.lapsAfter, laps)
}

/** Wakes those who wait. The load must follow the publication: a reader that is not counted yet will then see the head. */
export function wake(words: Int32Array): void {
  if (Atomics.load(words, WAITERS) !== 0) Atomics.notify(words, FRAMES.head)
}

/** Sets the CLOSED bit, after everything that was published, and wakes all. */
export function closeRing(words: Int32Array): void {
  Atomics.or(words, FRAMES.head, CLOSED)
  Atomics.notify(words, FRAMES.head)
}

export function isClosed(words: Int32Array): boolean {
  return Atomics.load(words, FRAMES.head) < 0
}

/** The head word as it stands, for waiting until it changes. */
export function headWord(words: Int32Array): number {
  return Atomics.load(words, FRAMES.head)
}

/** Counted before the head is looked at for the last time, so that the writer cannot miss a reader about to wait. */
export function enterWait(words: Int32Array): void {
  Atomics.add(words, WAITERS, 1)
}

export function leaveWait(words: Int32Array): void {
  Atomics.sub(words, WAITERS, 1)
}

/** Counts a string that was cut. */
export function countTruncated(words: Int32Array): void {
  Atomics.add(words, TRUNCATED, 1)
}

export function truncatedCount(words: Int32Array): number {
  return Atomics.load(words, TRUNCATED)
}
