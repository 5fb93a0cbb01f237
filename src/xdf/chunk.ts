/** Where one chunk stands in its file. */
export interface Chunk {
  readonly tag: number
  /** Its first byte. */
  readonly at: number
  /** The first byte of its content. */
  readonly start: number
  /** Behind its content, or the end of the file, which came first. */
  readonly end: number
  /** False when the end of the file cut the content. */
  readonly whole: boolean
}
