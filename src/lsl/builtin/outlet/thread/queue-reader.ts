import { receiveMessageOnPort } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import type { Block } from '../../codec/encode-numeric.js'
import { BY_MESSAGE, CLOSING, FLUSH, HEAD, HEADER_BYTES, LAST, TAIL, WAITING, recordBytes } from './queue-layout.js'
import type { QueueMemory } from './queue-layout.js'

/** Takes blocks from a queue, as its one reader. */
export class QueueReader {
  readonly #memory: QueueMemory
  readonly #port: MessagePort
  #tail: number

  constructor(memory: QueueMemory, port: MessagePort) {
    this.#memory = memory
    this.#port = port
    this.#tail = Atomics.load(memory.words, TAIL)
  }

  get isEmpty(): boolean {
    return Atomics.load(this.#memory.words, HEAD) === this.#tail
  }

  /** Whether the writer will write nothing more. Asked before a drain, which then takes the last. */
  get isClosing(): boolean {
    return Atomics.load(this.#memory.words, CLOSING) !== 0
  }

  /** Hands every block that is there now to `use`, as its own copy, oldest first. */
  drain(use: (block: Block, flush: boolean) => void): void {
    const { words, bytes, ints, doubles, capacity } = this.#memory
    const head = Atomics.load(words, HEAD)
    while (this.#tail !== head) {
      const at = this.#tail & (capacity - 1)
      const length = ints[at / 4] ?? 0
      if (length === LAST) {
        this.#advance(capacity - at)
        continue
      }
      const flags = ints[at / 4 + 2] ?? 0
      const block: Block = {
        bytes:
          (flags & BY_MESSAGE) === 0
            ? Buffer.from(bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length))
            : (receiveMessageOnPort(this.#port) as { message: Uint8Array }).message,
        frames: ints[at / 4 + 1] ?? 0,
        firstStamp: doubles[at / 8 + 2] ?? 0,
      }
      this.#advance(recordBytes(length))
      use(block, (flags & FLUSH) !== 0)
    }
    if (Atomics.load(words, WAITING) !== 0) Atomics.notify(words, TAIL)
  }

  close(): void {
    this.#port.close()
  }

  #advance(bytes: number): void {
    this.#tail = (this.#tail + bytes) | 0
    Atomics.store(this.#memory.words, TAIL, this.#tail)
  }
}
