/** The array that a processor answers when it is given none. Of the same length it is the same one at each call. */
export class OwnOutput {
  #memory = new Float64Array(0)
  #view = this.#memory

  of(length: number): Float64Array {
    if (this.#view.length === length) return this.#view
    if (this.#memory.length < length) this.#memory = new Float64Array(length)
    this.#view = this.#memory.subarray(0, length)
    return this.#view
  }
}
