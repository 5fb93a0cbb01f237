import type { MessagePort } from 'node:worker_threads'
import type { Block } from '../../codec/encode-numeric.js'
import { withFirstStamp } from '../../codec/skip-frames.js'
import type { Doorbell } from '../../../outlet/doorbell.js'
import { BY_MESSAGE, CLOSING, FLUSH, HEAD, HEADER_BYTES, LAST, TAIL, WAITING, recordBytes } from './queue-layout.js'
import type { QueueMemory } from './queue-layout.js'

/** How long a thread that is a whole queue ahead of the network's is held up. */
const LONGEST_WAIT_MS = 100

/** Appends blocks to a queue, as its one writer. */
export class QueueWriter {
  readonly #memory: QueueMemory
  readonly #bell: Doorbell
  readonly #port: MessagePort
  #head: number
  /** Whether the reader did not get what came before. */
  #isGap = false

  /** `port` takes what is too large for the queue. */
  constructor(memory: QueueMemory, bell: Doorbell, port: MessagePort) {
    this.#memory = memory
    this.#bell = bell
    this.#port = port
    this.#head = Atomics.load(memory.words, HEAD)
  }

  /** Appends a block; false if there was no room for it in time: then it is lost. */
  send(block: Block, flush: boolean): boolean {
    const whole = this.#isGap ? withFirstStamp(block) : block
    const { bytes, frames, firstStamp } = whole
    const isLarge = recordBytes(bytes.byteLength) > this.#memory.capacity / 2
    const length = isLarge ? 0 : bytes.byteLength
    const at = this.#room(recordBytes(length))
    this.#isGap = at === undefined
    if (at === undefined) return false
    const { ints, doubles } = this.#memory
    if (isLarge) this.#port.postMessage(bytes)
    else this.#memory.bytes.set(bytes, at + HEADER_BYTES)
    ints[at / 4] = length
    ints[at / 4 + 1] = frames
    ints[at / 4 + 2] = (flush ? FLUSH : 0) | (isLarge ? BY_MESSAGE : 0)
    doubles[at / 8 + 2] = firstStamp
    this.#advance(recordBytes(length))
    this.#bell.ring()
    return true
  }

  /** Tells the reader that nothing more will come. */
  close(): void {
    Atomics.store(this.#memory.words, CLOSING, 1)
    this.#bell.ring()
    this.#port.close()
  }

  /** Where a record of `size` bytes begins, all of it free; undefined if that did not come about in time. */
  #room(size: number): number | undefined {
    const { capacity, ints } = this.#memory
    const at = this.#head & (capacity - 1)
    const left = capacity - at
    if (size <= left) return this.#awaitFree(size) ? at : undefined
    if (!this.#awaitFree(left + size)) return undefined
    ints[at / 4] = LAST
    this.#advance(left)
    return 0
  }

  #advance(bytes: number): void {
    this.#head = (this.#head + bytes) | 0
    Atomics.store(this.#memory.words, HEAD, this.#head)
  }

  #awaitFree(size: number): boolean {
    const { words, capacity } = this.#memory
    const isFree = (tail: number): boolean => capacity - ((this.#head - tail) | 0) >= size
    if (isFree(Atomics.load(words, TAIL))) return true
    const end = performance.now() + LONGEST_WAIT_MS
    try {
      for (;;) {
        Atomics.store(words, WAITING, 1)
        const tail = Atomics.load(words, TAIL)
        if (isFree(tail)) return true
        const leftMs = end - performance.now()
        if (leftMs <= 0) return false
        Atomics.wait(words, TAIL, tail, leftMs)
      }
    } finally {
      Atomics.store(words, WAITING, 0)
    }
  }
}
