import { claim, isWhole } from './protocol.js'
import { BYTES, FRAMES, LENGTH_MASK, STRING_COLUMNS, slotOf } from './ring-layout.js'
import type { RingMemory } from './ring-memory.js'
import type { Window } from './window.js'

/** Not a Buffer: rings are read in browsers, too. A mark of byte order is part of the text. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Decodes the frames of a ring of strings, for one reader. */
export class MarkerRows {
  readonly #memory: RingMemory
  /** The bytes of one frame: decoding from memory that changes meanwhile is not safe, V8 looks at them twice. */
  #bytes = new Uint8Array(256)
  /** Length of each string in #bytes, one after the other. */
  readonly #lengths: Int32Array

  constructor(memory: RingMemory) {
    this.#memory = memory
    this.#lengths = new Int32Array(memory.channels)
  }

  /**
   * The frames from `start` on as the caller's own rows. Newest first, up to the first one that is overwritten: it and all
   * older ones count as lost, so that the rows are successive.
   */
  read(start: number, frames: number, lost: number): Window<string[][]> {
    const { times, capacity, channels } = this.#memory
    const rows: string[][] = []
    const stamps: number[] = []
    for (let index = start + frames - 1; index >= start; index--) {
      const slot = slotOf(index, capacity)
      const time = times[slot] ?? 0
      if (!this.#copyRow(slot) || !this.#isIntact(index)) break
      rows.push(this.#decode())
      stamps.push(time)
    }
    const overwritten = frames - rows.length
    return {
      data: rows.reverse(),
      times: Float64Array.from(stamps.reverse()),
      frames: rows.length,
      channels,
      start: start + overwritten,
      lost: lost + overwritten,
      isIntact: () => true,
    }
  }

  /** Oldest byte of the row that was copied last; Infinity if it is all empty strings. */
  #oldestByte = Infinity

  /** Copies the bytes of one frame out of the ring. False if its entries make no sense: then it is being overwritten. */
  #copyRow(slot: number): boolean {
    const { samples, columns, strings, stringCapacity, stringModulus, maxStringBytes } = this.#memory
    const entries = samples as Int32Array
    let used = 0
    this.#oldestByte = Infinity
    for (let channel = 0; channel < this.#lengths.length; channel++) {
      const entry = slot * columns + channel * STRING_COLUMNS
      const laps = entries[entry] ?? 0
      const head = entries[entry + 1] ?? 0
      const length = (entries[entry + 2] ?? 0) & LENGTH_MASK
      this.#lengths[channel] = length
      if (length === 0) continue
      if (length > maxStringBytes || head < 0 || head >= stringModulus || laps < 0) return false
      if (used + length > this.#bytes.length) {
        const grown = new Uint8Array(2 * (used + length))
        grown.set(this.#bytes.subarray(0, used))
        this.#bytes = grown
      }
      const place = head % stringCapacity
      this.#bytes.set(strings.subarray(place, place + length), used)
      used += length
      this.#oldestByte = Math.min(this.#oldestByte, laps * stringModulus + head)
    }
    return true
  }

  /** Whether what #copyRow() copied was frame `index`, entries and bytes: asked after copying, before decoding. */
  #isIntact(index: number): boolean {
    const { words, modulus, maxChunk, capacity, stringModulus, maxStringBytes, stringCapacity } = this.#memory
    if (!isWhole(index, claim(words, FRAMES, modulus), maxChunk, capacity)) return false
    return (
      this.#oldestByte === Infinity ||
      isWhole(this.#oldestByte, claim(words, BYTES, stringModulus), maxStringBytes, stringCapacity)
    )
  }

  #decode(): string[] {
    const row: string[] = []
    let from = 0
    for (const length of this.#lengths) {
      row.push(length === 0 ? '' : utf8.decode(this.#bytes.subarray(from, from + length)))
      from += length
    }
    return row
  }
}
