/*
 * How any thread wakes one that sleeps on its event loop, without a lock, and without a system call while that is awake.
 *
 *   words   | RINGS | ASLEEP | ... |      int32; ASLEEP is 0 or tells one sleep from the others
 */
const RINGS = 0
const ASLEEP = 1

/** After what there is to see was stored. Any thread; a system call only if somebody sleeps. */
export function ringBell(words: Int32Array): void {
  const asleep = Atomics.load(words, ASLEEP)
  if (asleep === 0) return
  Atomics.add(words, RINGS, 1)
  Atomics.notify(words, RINGS)
  // Last, and for that sleep only: a thread that is ended between two of these lines has hidden no sleeper from the others.
  Atomics.compareExchange(words, ASLEEP, asleep, 0)
}

/**
 * Says that this thread is about to sleep, and answers what {@link bellRings} takes. The sleeper then looks once more for what it
 * waits for: who stores after that look finds a sleeper to wake.
 */
export function fallAsleep(words: Int32Array): number {
  const rings = Atomics.load(words, RINGS)
  Atomics.store(words, ASLEEP, rings + 1 || 1)
  return rings
}

/** Waits for the next ring after `rings` were heard; not async where it has rung meanwhile. */
export function bellRings(words: Int32Array, rings: number): ReturnType<typeof Atomics.waitAsync> {
  return Atomics.waitAsync(words, RINGS, rings)
}

/** The sleeper needs no ring any more. */
export function awake(words: Int32Array): void {
  Atomics.store(words, ASLEEP, 0)
}
