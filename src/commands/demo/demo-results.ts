/*
 * What the demo's job tells the demo, in shared memory: | frames | lost | windows | power, microvolts squared | float64 each.
 * One writer, the job; figures for the eye, each read on its own.
 */
const FRAMES = 0
const LOST = 1
const WINDOWS = 2
const POWER = 3

/** The job's figures. Attach on any thread. */
export class DemoResults {
  readonly buffer: SharedArrayBuffer
  readonly #figures: Float64Array

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer((POWER + 1) * Float64Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer
    this.#figures = new Float64Array(buffer)
  }

  /** Books one computed window. The job's only. */
  add(frames: number, lost: number, power: number): void {
    this.#figures[FRAMES] = this.frames + frames
    this.#figures[LOST] = this.lost + lost
    this.#figures[WINDOWS] = this.windows + 1
    this.#figures[POWER] = power
  }

  get frames(): number {
    return this.#figures[FRAMES] ?? 0
  }

  get lost(): number {
    return this.#figures[LOST] ?? 0
  }

  get windows(): number {
    return this.#figures[WINDOWS] ?? 0
  }

  get power(): number {
    return this.#figures[POWER] ?? 0
  }
}
