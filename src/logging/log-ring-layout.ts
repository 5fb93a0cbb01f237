/*
 * One thread's log lines on their way to the transport thread. One writer (the thread), one reader (the transport).
 *
 *   words (Int32) of the writer        of the reader, 64 bytes on             entries, each a multiple of 8 bytes
 *   ┌──────┬─────────────┬ ─ ─ ─ ─ ┬──────┬────────┬────────┬─────────┬ ─ ─ ─ ┬──────────────────────────────────────┐
 *   │ HEAD │ DROPPED x 6 │         │ TAIL │ ASLEEP │ CLOSED │ FLUSHED │       │ size bytes source level time UTF-8 │ ...
 *   └──────┴─────────────┴ ─ ─ ─ ─ ┴──────┴────────┴────────┴─────────┴ ─ ─ ─ ┴──────────────────────────────────────┘
 *
 * HEAD and TAIL count bytes ever written and read, modulo 2^32; the place of an entry is its count modulo the capacity. An
 * entry never wraps: where it would, a filler (bytes = FILLER) leads to the start. What the two threads write lies 64 bytes
 * apart, so that a call does not wait for the other core to give a cache line back.
 */

/** Bytes ever written; stored last by the writer, which publishes the entry. */
export const HEAD = 0
/** Six counts of lines that found no place, by level. */
export const DROPPED = HEAD + 1
/** Bytes ever read; stored by the reader, which gives the place back. */
export const TAIL = 16
/** 1 while the reader waits on HEAD: only then does the writer pay for a notify. */
export const ASLEEP = TAIL + 1
/** 1 once the writing thread has ended. */
export const CLOSED = ASLEEP + 1
/** The number of the last flush that was answered. */
export const FLUSHED = CLOSED + 1
export const LEVEL_CLASSES = 6
/** Where the entries begin. */
export const ENTRIES = 128

/** Offsets within an entry. */
export const ENTRY_SIZE = 0
export const ENTRY_BYTES = ENTRY_SIZE + 4
export const ENTRY_SOURCE = ENTRY_BYTES + 4
export const ENTRY_LEVEL = ENTRY_SOURCE + 4
export const ENTRY_TIME = ENTRY_LEVEL + 4
export const ENTRY_TEXT = ENTRY_TIME + 8

/** In place of an entry's bytes: nothing here, go on at the start. */
export const FILLER = -1
/** In place of a level: the text defines the source. */
export const DEFINITION = 0
/** In place of a level: the source is the number of a flush. */
export const FLUSH = -1

/** Which of the six counts a pino level belongs to: trace 0, debug 1, info 2, warn 3, error 4, fatal 5. */
export function levelClass(pinoLevel: number): number {
  return Math.min(LEVEL_CLASSES - 1, Math.max(0, Math.ceil(pinoLevel / 10) - 1))
}

/** The shared memory of a ring whose entries take `capacity` bytes, a power of two. */
export function allocateLogRing(capacity: number): SharedArrayBuffer {
  return new SharedArrayBuffer(ENTRIES + capacity)
}
