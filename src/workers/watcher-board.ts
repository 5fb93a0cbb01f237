/*
 * What a watcher's worker tells about itself, in shared memory: live on every thread, no message needed.
 *
 *   words   | SEQUENCE | STATE |                     int32
 *   figures | one float64 for each name of FIGURES |
 *
 * One writer, the worker. SEQUENCE is odd while the figures are being written, so a reader that saw the same even number
 * before and after has seen figures of one moment.
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
export type WatcherState = (typeof WATCHER_STATES)[number]

const FIGURES = [
  'frames',
  'pulls',
  'lost',
  'overflows',
  'gaps',
  'gapFrames',
  'epoch',
  'rateByClock',
  'rateByStamps',
  'arrivalS',
  'offsetS',
  'uncertaintyS',
] as const
export type WatcherFigures = Record<(typeof FIGURES)[number], number>

const SEQUENCE = 0
const STATE = 1
const WORDS_BYTES = 8
const BOARD_BYTES = WORDS_BYTES + FIGURES.length * Float64Array.BYTES_PER_ELEMENT

/** Where a watcher's state and figures stand. Attach on any thread; only the worker writes. */
export class WatcherBoard {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #figures: Float64Array

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(BOARD_BYTES)) {
    this.buffer = buffer
    this.#words = new Int32Array(buffer, 0, 2)
    this.#figures = new Float64Array(buffer, WORDS_BYTES, FIGURES.length)
  }

  get state(): WatcherState {
    return WATCHER_STATES[Atomics.load(this.#words, STATE)] ?? 'failed'
  }

  set state(state: WatcherState) {
    Atomics.store(this.#words, STATE, WATCHER_STATES.indexOf(state))
  }

  /** Shows `figures` to all. The worker's only. */
  publish(figures: Readonly<WatcherFigures>): void {
    Atomics.add(this.#words, SEQUENCE, 1)
    for (let index = 0; index < FIGURES.length; index++) {
      const name = FIGURES[index]
      if (name !== undefined) this.#figures[index] = figures[name]
    }
    Atomics.add(this.#words, SEQUENCE, 1)
  }

  /** Figures of one moment; the last ones there were if the worker ended in the middle of writing. Any thread. */
  read(): WatcherFigures {
    const figures = noFigures()
    // Bounded, as a terminated worker may have left the sequence odd.
    for (let tries = 0; tries < 100; tries++) {
      const before = Atomics.add(this.#words, SEQUENCE, 0)
      FIGURES.forEach((name, index) => (figures[name] = this.#figures[index] ?? 0))
      // A read-modify-write, as in the ring: the reads above cannot move below it.
      if (before % 2 === 0 && Atomics.add(this.#words, SEQUENCE, 0) === before) break
    }
    return figures
  }
}

/** The figures of a watcher that has seen nothing. */
export function noFigures(): WatcherFigures {
  const figures = Object.fromEntries(FIGURES.map(name => [name, 0])) as WatcherFigures
  return { ...figures, offsetS: NaN, uncertaintyS: NaN }
}
