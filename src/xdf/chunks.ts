import { ByteCursor, Damaged } from './byte-cursor.js'

/** Chunk tags of XDF 1.0. Chunk 5 (Boundary) only marks a place to resume at. */
export const TAG = { streamHeader: 2, samples: 3, clockOffset: 4, streamFooter: 6 } as const

export const MAGIC = 'XDF:'
const BOUNDARY = Buffer.from('43a546dccbf5410fb30ed5467383cbe4', 'hex')

export interface Chunk {
  readonly tag: number
  /** What follows the tag. */
  readonly content: ByteCursor
  /** False when the end of the file cut the content. */
  readonly whole: boolean
}

/**
 * The chunks of a whole file in order. Where the bytes make no sense it says so once to `onDamage` and goes on behind the
 * next boundary chunk, as the reference reader does; a chunk that the end of the file cuts comes as far as it goes.
 */
export function* chunksOf(file: Buffer, onDamage: (what: string) => void): Generator<Chunk> {
  const cursor = new ByteCursor(file)
  cursor.at = MAGIC.length
  while (cursor.left > 0) {
    const start = cursor.at
    try {
      const length = cursor.variableLength()
      if (length < 2) throw new Damaged(`a chunk of ${length} bytes`)
      const tag = cursor.uint16()
      if (tag < 1 || tag > 6) throw new Damaged(`a chunk of the unknown kind ${tag}`)
      const whole = length - 2 <= cursor.left
      if (!whole) onDamage(`the file ends inside the chunk at byte ${start}`)
      const content = cursor.take(whole ? length - 2 : cursor.left)
      yield { tag, content: new ByteCursor(content), whole }
    } catch (error) {
      if (!(error instanceof Damaged)) throw error
      onDamage(`${error.message} at byte ${start}`)
      const boundary = file.indexOf(BOUNDARY, start)
      cursor.at = boundary < 0 ? file.length : boundary + BOUNDARY.length
    }
  }
}
