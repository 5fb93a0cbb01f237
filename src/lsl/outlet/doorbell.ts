import { DareplaneError } from '../../errors.js'
import { awake, bellRings, fallAsleep, ringBell } from '../../system/bell-words.js'
import type { StreamInfo } from '../stream-info.js'

/*
 * How threads that push wake the one that sends, whatever the number of outlets, and learn what became of it.
 *
 *   words    | those of the bell, two | STATE | LENGTH |      int32
 *   reason   | why the thread ended, UTF-8            LENGTH bytes
 */

const STATE = 2
const LENGTH = 3
const WORDS_BYTES = 16
const REASON_BYTES = 1024

const STATES = ['serves', 'leaves', 'has left', 'failed'] as const
/** `leaves`: the thread that pushes is about to end; `has left`: all that it had pushed is on its way. */
export type ThreadState = (typeof STATES)[number]

/** The bell of one network thread. */
export class Doorbell {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #reason: Uint8Array

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(WORDS_BYTES + REASON_BYTES)) {
    this.buffer = buffer
    this.#words = new Int32Array(buffer, 0, WORDS_BYTES / Int32Array.BYTES_PER_ELEMENT)
    this.#reason = new Uint8Array(buffer, WORDS_BYTES)
  }

  /** After what there is to see was stored. Costs a system call only if somebody sleeps. */
  ring(): void {
    ringBell(this.#words)
  }

  /** Resolves when the bell rings, at once if `isIdle()` no longer holds. One call at a time. */
  async sleep(isIdle: () => boolean): Promise<void> {
    const rings = fallAsleep(this.#words)
    if (isIdle()) await bellRings(this.#words, rings).value
    awake(this.#words)
  }

  get state(): ThreadState {
    return STATES[Atomics.load(this.#words, STATE)] ?? 'failed'
  }

  /** Tells those who ask, and those who wait. */
  set state(state: ThreadState) {
    Atomics.store(this.#words, STATE, STATES.indexOf(state))
    Atomics.notify(this.#words, STATE)
    this.ring()
  }

  /** Blocks as long as the state is `state`, `ms` at most. */
  waitWhile(state: ThreadState, ms: number): void {
    Atomics.wait(this.#words, STATE, STATES.indexOf(state), ms)
  }

  /** The thread ended, and why; the first reason stays. */
  fail(reason: string): void {
    if (this.state === 'failed') return
    const { written } = new TextEncoder().encodeInto(reason, this.#reason)
    Atomics.store(this.#words, LENGTH, written)
    this.state = 'failed'
  }

  /** Throws ERR_WORKER_FAILED if the thread that sends for `outlet` has failed. */
  check(outlet: StreamInfo): void {
    if (this.state !== 'failed') return
    const reason = Buffer.from(this.#reason.slice(0, Atomics.load(this.#words, LENGTH))).toString()
    throw new DareplaneError(
      'ERR_WORKER_FAILED',
      `the network thread of outlet ${outlet.toString()} ended: ${reason}; make a new outlet`,
    )
  }
}
