/*
 * What a watcher's worker tells about itself, in shared memory: live on every thread, no message needed.
 *
 *   words   | COUNT | STATE |                                    int32
 *   figures | one float64 for each name of AT | x SLOTS           slot n % SLOTS has the n-th publication
 *
 * One writer, the worker. It fills the slot after the last published one and then counts it, so a writer that is held up or
 * dies in the middle leaves the last publication whole. A reader is overtaken only by SLOTS - 1 publications during one copy.
 */

/** What a watcher is doing; the transitions are drawn in docs/threads.md. */
const WATCHER_STATES = [
  'idle',
  'connecting',
  'connected',
  'stalled',
  'lost',
  'incompatible',
  'failed',
  'disconnected',
] as const
/** What a watcher is doing; docs/threads.md draws how one follows from another. */
export type WatcherState = (typeof WATCHER_STATES)[number]

/** Where each figure stands within a publication. */
const AT = {
  frames: 0,
  pulls: 1,
  lost: 2,
  overflows: 3,
  gaps: 4,
  gapFrames: 5,
  reconnections: 6,
  rateByClock: 7,
  rateByStamps: 8,
  arrivalS: 9,
  offsetS: 10,
  uncertaintyS: 11,
  foreignClock: 12,
} as const
export type WatcherFigures = Record<keyof typeof AT, number>
const FIGURES = Object.keys(AT) as (keyof typeof AT)[]

const COUNT = 0
const STATE = 1
const WORDS_BYTES = 8
const SLOTS = 8 // a power of two, as COUNT wraps
const BOARD_BYTES = WORDS_BYTES + SLOTS * FIGURES.length * Float64Array.BYTES_PER_ELEMENT

/** Where a watcher's state and figures stand. Attach on any thread; only the worker writes. */
export class WatcherBoard {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #figures: Float64Array

  /** A new board that has seen nothing, or the one over `buffer`. */
  constructor(buffer?: SharedArrayBuffer) {
    this.buffer = buffer ?? new SharedArrayBuffer(BOARD_BYTES)
    this.#words = new Int32Array(this.buffer, 0, 2)
    this.#figures = new Float64Array(this.buffer, WORDS_BYTES, SLOTS * FIGURES.length)
    if (buffer === undefined) this.publish(noFigures())
  }

  get state(): WatcherState {
    return WATCHER_STATES[Atomics.load(this.#words, STATE)] ?? 'failed'
  }

  set state(state: WatcherState) {
    Atomics.store(this.#words, STATE, WATCHER_STATES.indexOf(state))
  }

  /** Shows `figures` to all. The worker's only. */
  publish(figures: Readonly<WatcherFigures>): void {
    const first = firstOf(Atomics.load(this.#words, COUNT) + 1)
    const slots = this.#figures
    // One by one: a loop over the names makes garbage of every figure, 80 bytes at each pull.
    slots[first + AT.frames] = figures.frames
    slots[first + AT.pulls] = figures.pulls
    slots[first + AT.lost] = figures.lost
    slots[first + AT.overflows] = figures.overflows
    slots[first + AT.gaps] = figures.gaps
    slots[first + AT.gapFrames] = figures.gapFrames
    slots[first + AT.reconnections] = figures.reconnections
    slots[first + AT.rateByClock] = figures.rateByClock
    slots[first + AT.rateByStamps] = figures.rateByStamps
    slots[first + AT.arrivalS] = figures.arrivalS
    slots[first + AT.offsetS] = figures.offsetS
    slots[first + AT.uncertaintyS] = figures.uncertaintyS
    slots[first + AT.foreignClock] = figures.foreignClock
    Atomics.add(this.#words, COUNT, 1)
  }

  /** The last figures, all of one moment. Any thread; never waits for the writer. */
  read(): WatcherFigures {
    const figures = noFigures()
    // Bounded for form's sake: to be overtaken even once takes a writer that does nothing but publish.
    for (let tries = 0; tries < 100; tries++) {
      const seen = Atomics.add(this.#words, COUNT, 0)
      const first = firstOf(seen)
      for (const name of FIGURES) figures[name] = this.#figures[first + AT[name]] ?? 0
      // A read-modify-write, as in the ring: the reads above cannot move below it.
      if (((Atomics.add(this.#words, COUNT, 0) - seen) | 0) < SLOTS - 1) break
    }
    return figures
  }
}

function firstOf(count: number): number {
  return (count & (SLOTS - 1)) * FIGURES.length
}

/** The figures of a watcher that has seen nothing. */
export function noFigures(): WatcherFigures {
  const figures = Object.fromEntries(FIGURES.map(name => [name, 0])) as WatcherFigures
  return { ...figures, offsetS: NaN, uncertaintyS: NaN }
}
