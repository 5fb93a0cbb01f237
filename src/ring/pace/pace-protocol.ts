import { MOVES, PACED, placeWord } from '../ring-layout.js'

/*
 * How a writer that catches up leaves time to those who read: a reader says where it is, the writer looks before each chunk. None of
 * it is needed for a window to be right, which is validated in any case; it is what lets a window stay whole in a burst.
 */

/** What a reader does to take frames: first it says from where on, then it looks how many there are. */
export const TAKE_STEPS = ['announce', 'observe'] as const

/** In a place's word: no reader. */
export const NOBODY = 0

/** The place's word for a reader that still has frame `index`. */
export function placeOf(index: number, modulus: number): number {
  return (index % modulus) + 1
}

export function loadPlace(words: Int32Array, place: number): number {
  return Atomics.load(words, placeWord(place))
}

/** Moves a place from `from` to `to`, for its reader, or for the writer that forgets it; false if it is no longer at `from`. */
export function movePlace(words: Int32Array, place: number, from: number, to: number): boolean {
  return Atomics.compareExchange(words, placeWord(place), from, to) === from
}

/** Frames that were written since the one that a place's word stands for. */
export function behind(head: number, place: number, modulus: number): number {
  const frames = head - (place - 1)
  return frames < 0 ? frames + modulus : frames
}

/** Whether a reader that far behind keeps what it has while one more chunk is written, and published. */
export function hasRoom(behind: number, maxChunk: number, capacity: number): boolean {
  return behind + 2 * maxChunk <= capacity
}

/** After a reader has moved: wakes the writer if that waits for it. */
export function tellMove(words: Int32Array): void {
  if (Atomics.load(words, PACED) === 0) return
  Atomics.add(words, MOVES, 1)
  Atomics.notify(words, MOVES)
}

/** Before the writer looks where all are, so that a move after the look wakes it; answers what {@link awaitMove} needs. */
export function enterPace(words: Int32Array): number {
  Atomics.store(words, PACED, 1)
  return Atomics.load(words, MOVES)
}

export function awaitMove(words: Int32Array, seen: number, ms: number): void {
  Atomics.wait(words, MOVES, seen, ms)
}

export function leavePace(words: Int32Array): void {
  Atomics.store(words, PACED, 0)
}
