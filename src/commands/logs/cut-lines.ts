import { StringDecoder } from 'node:string_decoder'

/** A longer line is handed on in pieces. */
const LONGEST = 1024 * 1024

/** Cuts bytes into lines. A line may end as Python ends it on Windows. */
export class CutLines {
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''
  #isSkipping = false

  /** The next line is only the end of one. */
  skipOne(): void {
    this.#isSkipping = true
  }

  push(bytes: Buffer, take: (line: string) => void): void {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n')
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > LONGEST) {
      lines.push(this.#rest)
      this.#rest = ''
    }
    for (const line of lines) {
      if (this.#isSkipping) this.#isSkipping = false
      else take(line.endsWith('\r') ? line.slice(0, -1) : line)
    }
  }

  /** Hands on what is left. */
  end(take: (line: string) => void): void {
    if (this.#rest !== '' && !this.#isSkipping) take(this.#rest)
    this.#rest = ''
  }
}
