/*
 * One thread's log lines on their way to the transport thread. One writer (the thread), one reader (the transport).
 *
 *   words (Int32) of the writer               of the reader, 128 bytes on            entries, each a multiple of 8 bytes
 *   ┌──────┬─────────────┬──────┬ ─ ─ ─ ─ ┬──────┬────────┬────────┬─────────┬ ─ ─ ─ ┬──────────────────────────────────────┐
 *   │ HEAD │ DROPPED x 6 │ BASE │         │ TAIL │ ASLEEP │ CLOSED │ FLUSHED │       │ size bytes source level time UTF-8 │ ...
 *   └──────┴─────────────┴──────┴ ─ ─ ─ ─ ┴──────┴────────┴────────┴─────────┴ ─ ─ ─ ┴──────────────────────────────────────┘
 *
 * HEAD and TAIL count bytes ever written and read, modulo 2^32; the place of an entry is its count minus BASE, modulo the
 * capacity. An entry never wraps: where it would, a filler (bytes = FILLER) leads to the start. In an empty ring the writer
 * sets BASE to HEAD now and then: it begins again at the start, so that it takes up memory only for as much as ever waited.
 * What the two threads write lies 128 bytes apart, as long as a cache line is anywhere, so that a call does not wait for the
 * other core to give one back.
 */

/** Bytes ever written; stored last by the writer, which publishes the entry. */
export const HEAD = 0
/** Counts of lines that found no place, one for each of LEVELS in wire/levels.ts. */
export const DROPPED = HEAD + 1
/** The count whose place is the start. Changes only while HEAD equals TAIL, and before the HEAD of the next entry. */
export const BASE = DROPPED + 6
/** Bytes ever read; stored by the reader, which gives the place back. */
export const TAIL = 32
/** 1 while the reader waits on HEAD: only then does the writer pay for a notify. */
export const ASLEEP = TAIL + 1
/** 1 once the writing thread has ended. */
export const CLOSED = ASLEEP + 1
/** The number of the last flush that was answered. */
export const FLUSHED = CLOSED + 1
/** Where the entries begin. */
export const ENTRIES = 256

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

/** The shared memory of a ring whose entries take `capacity` bytes, a power of two. */
export function allocateLogRing(capacity: number): SharedArrayBuffer {
  return new SharedArrayBuffer(ENTRIES + capacity)
}
