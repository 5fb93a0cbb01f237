/** Thrown inside this folder only, when the bytes end or make no sense before a value is whole. */
export class Damaged extends Error {
  override readonly name = 'Damaged'
  /** Whether only bytes are missing: with more of them the value may be whole. */
  readonly short: boolean

  constructor(message: string, { short = false }: { readonly short?: boolean } = {}) {
    super(message)
    this.short = short
  }
}

/** Reads little-endian values one after the other; a value that is not whole throws {@link Damaged} and moves nothing. */
export class ByteCursor {
  readonly bytes: Buffer
  at = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  get left(): number {
    return this.bytes.length - this.at
  }

  uint8(): number {
    return this.bytes.readUInt8(this.#advance(1))
  }

  uint16(): number {
    return this.bytes.readUInt16LE(this.#advance(2))
  }

  uint32(): number {
    return this.bytes.readUInt32LE(this.#advance(4))
  }

  float64(): number {
    return this.bytes.readDoubleLE(this.#advance(8))
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Buffer {
    const start = this.#advance(length)
    return this.bytes.subarray(start, start + length)
  }

  /** XDF's variable-length integer: one byte says how many (1, 4 or 8) follow. */
  variableLength(): number {
    const start = this.at
    try {
      const width = this.uint8()
      if (width === 1) return this.uint8()
      if (width === 4) return this.uint32()
      if (width === 8) return Number(this.bytes.readBigUInt64LE(this.#advance(8)))
      throw new Damaged('a length of a wrong width')
    } catch (error) {
      this.at = start
      throw error
    }
  }

  #advance(length: number): number {
    if (length > this.left) throw new Damaged('the bytes end inside a value', { short: true })
    const start = this.at
    this.at += length
    return start
  }
}
