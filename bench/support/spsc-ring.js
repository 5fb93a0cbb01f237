/**
 * How the usual ring in shared memory works (ringbuf.js): one producer, one consumer, two pointers; a push copies in one or
 * two parts and is refused where the consumer has left no room. Here the consumer has always just taken everything.
 */
export class SpscRing {
  #pointers = new Int32Array(new SharedArrayBuffer(8))
  #values

  constructor(capacity) {
    this.#values = new Float32Array(new SharedArrayBuffer(4 * capacity))
  }

  push(samples) {
    const { length: capacity } = this.#values
    const read = Atomics.load(this.#pointers, 0)
    const write = Atomics.load(this.#pointers, 1)
    if (capacity - 1 - ((write + capacity - read) % capacity) < samples.length) return 0
    const first = Math.min(capacity - write, samples.length)
    this.#values.set(first === samples.length ? samples : samples.subarray(0, first), write)
    if (first < samples.length) this.#values.set(samples.subarray(first), 0)
    Atomics.store(this.#pointers, 1, (write + samples.length) % capacity)
    return samples.length
  }

  drain() {
    Atomics.store(this.#pointers, 0, Atomics.load(this.#pointers, 1))
  }
}
